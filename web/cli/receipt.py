"""`qifeng receipt`: fetch a receipt again, look into it, verify it offline."""

from pathlib import Path
from typing import Annotated, Any

import typer

from web.cli.caller import Caller, run
from web.cli.errors import Code, Stop, guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, TenderId, Trust, Url
from web.cli.output import note, show
from web.cli.receipts import check, keep, kept_text, lines, trust_of
from web.cli.words import t

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
    help=t("回执。", "Receipts."),
)  # fmt: skip
Seq = Annotated[int, typer.Argument(min=1, help=t("本单位流水号", "the act's seq in my own stream"))]
File = Annotated[Path, typer.Argument(metavar="RECEIPT", help=t("回执文件", "the receipt file"))]
Out = Annotated[Path | None, typer.Option("--out", help=t("存放位置", "where to keep it"))]
Folder = Annotated[
    Path | None,
    typer.Option("--folder", help=t("密封文件夹，逐个核对密文", "the sealed folder, checked file by file")),
]
Key = Annotated[Path | None, typer.Option("--key", help=t("本标的密钥文件 .qfkey", "my key file, .qfkey"))]
Bundle = Annotated[Path | None, typer.Option("--bundle", help=t("公布的档案", "the published archive"))]


@app.command(help=t("向平台取回一份回执。", "Fetch a receipt from the platform."))
@guarded
def fetch(
    tender: TenderId, seq: Seq, out: Out = None, trust: Trust = None, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    told, known = run(_fetch(Caller(url, cert, cert_passphrase_file, ca), tender, seq, trust))
    path = keep(told, out or Path(f"receipt-{tender[-12:]}-{seq}.receipt.json"))
    check(told, known)
    show(told, *lines(told), t("回执", "Receipt") + f": {path}")


@app.command(name="show", help=t("查看回执内容（不验证）。", "What a receipt says; nothing is verified."))
@guarded
def show_receipt(file: File) -> None:
    entry = _entry(kept_text(file))
    body = {name: value for name, value in entry["body"].items() if name != "objects"}
    show(entry, f"{entry['kind']}  {entry['at']}", *(f"  {name}: {value}" for name, value in body.items()))


@app.command(help=t("离线验证回执；给出密封文件夹则逐项核对密文。", "Verify a receipt offline."))
@guarded
def verify(
    file: File, trust: Trust = None, folder: Folder = None, key: Key = None, bundle: Bundle = None
) -> None:
    from web.cli.verdict import judge, tell

    if trust is None:
        raise Stop(
            Code.INPUT, "需要信任文件", "a trust file is needed",
            remedy_zh="请从可信来源取得 trust.json 并用 --trust 指定。",
            remedy_en="Get trust.json from someone you trust, and give it by --trust.",
        )  # fmt: skip
    tell(judge(file, trust, folder, key, bundle))


async def _fetch(caller: Caller, tender: str, seq: int, trust: Path | None) -> tuple[dict[str, Any], Any]:
    async with caller.signed_in() as client:
        told = await client.get(f"/api/tenders/{tender}/receipts/{seq}")
        if told["proof"] is None:
            note(
                t("日志尚未覆盖该条，先保存平台承诺。", "Not in the log yet: this is the platform's promise.")
            )
        return told, await trust_of(client, trust)


def _entry(text: str) -> dict[str, Any]:
    from crypto.commitments import BLIND_SIZE
    from crypto.proofs import entry_of
    from crypto.receipts import Promise, parse_receipt

    kept = parse_receipt(text)
    extra = kept.extra if isinstance(kept, Promise) else kept.proof.extra
    return dict(entry_of(extra[BLIND_SIZE:]))
