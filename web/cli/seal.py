"""`qifeng seal`: a bid sealed on this machine, with its key file proved before the bid appears."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from web.cli.caller import Caller, run
from web.cli.errors import Code, Stop, guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, KeySecret, TenderId, Url, key_passphrase
from web.cli.output import Bars, note, show
from web.cli.sheet import ask_sheet, read_sheet
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE…", help=t("投标文件或文件夹", "documents, or folders of them")),
]
Sheet = Annotated[
    Path | None,
    typer.Option(
        "--sheet",
        help=t(
            "开标一览表 JSON（金额为分，整数）；缺省则逐项询问",
            "the opening sheet, JSON; asked for if absent",
        ),
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help=t("密封结果文件夹", "the sealed folder to make"))]
Key = Annotated[
    Path | None, typer.Option("--key", help=t("密钥文件（缺省在文件夹旁，.qfkey）", "the key file to make"))
]
Facts = Annotated[
    Path | None,
    typer.Option(
        "--facts",
        help=t("事先取得的密封要求，用于离线密封", "the sealing facts, fetched before: to seal offline"),
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(
        "--save-facts", help=t("只取回密封要求，存成文件", "only fetch the sealing facts, into a file")
    ),
]


@app.command(
    help=t(
        "密封投标文件：生成密封文件夹与密钥文件。明文与密钥不离开本机。",
        "Seal a bid. Nothing leaves this machine.",
    )
)
@guarded
def seal(
    tender: TenderId, files: Files = None, *, sheet: Sheet = None, out: Out = None, key: Key = None,
    facts: Facts = None, save_facts: Save = None, url: Url = HERE,
    cert: Cert = None, cert_passphrase_file: CertSecret = None, key_passphrase_file: KeySecret = None,
    ca: Ca = None,
) -> None:  # fmt: skip
    caller = Caller(url, cert, cert_passphrase_file, ca)
    known = _known(facts, tender) or run(_fetch(caller, tender))
    if save_facts is not None:
        save_facts.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
        show(known, t("密封要求已保存", "Saved") + f": {save_facts}")
        return
    folder = out or Path(f"bid-{tender[-12:]}-{known['round']}")
    _seal(known, files or [], sheet, folder, key, caller=caller, secret=key_passphrase_file)


def _seal(
    known: Mapping[str, Any], files: list[Path], sheet: Path | None, folder: Path, key: Path | None, *,
    caller: Caller, secret: Path | None,
) -> None:  # fmt: skip
    from web.client import Order, documents, seal_bid
    from web.client.sealing import CONSENT

    docs = documents(files)
    values = read_sheet(sheet, known["sheet"]) if sheet else ask_sheet(known["sheet"])
    signer = caller.credential()
    order = Order(values, docs, folder, key_passphrase(secret, new=True), key)
    if known["committee"]:
        note(CONSENT)
    with Bars() as bars:
        made = seal_bid(known, order, signer=signer, on_progress=bars)
    size = sum(one.size for one in made.statement.parts())
    value = {
        "folder": str(folder), "key": str(order.key_path), "tender_id": known["tender_id"],
        "round": known["round"], "statement_sha256": made.statement_sha256, "bytes": size,
        "has_fallback": bool(made.statement.shares),
    }  # fmt: skip
    show(
        value,
        t("已密封", "Sealed") + f": {folder}  ({size} B)",
        t("密钥文件", "Key file") + f": {order.key_path}",
        t("声明摘要", "Statement SHA-256") + f": {made.statement_sha256}",
    )
    note(
        t(
            "已验证密钥文件可用。请另存备份：丢失即可能无法开标。",
            "The key file was proved. Keep a copy elsewhere.",
        )
    )


def _known(facts: Path | None, tender: str) -> dict[str, Any] | None:
    if facts is None:
        return None
    try:
        known: dict[str, Any] = json.loads(facts.read_text(encoding="utf-8"))
        named = known["tender_id"]
    except (ValueError, KeyError, TypeError):
        raise Stop(Code.INPUT, "不是密封要求文件", "not a file of sealing facts") from None
    if named != tender:
        raise Stop(Code.INPUT, f"该文件属于标段 {named}", f"these facts are of tender {named}")
    return known


async def _fetch(caller: Caller, tender: str) -> dict[str, Any]:
    from web.client import sealing_facts

    async with caller.signed_in(await asyncio.to_thread(caller.credential)) as client:
        return await sealing_facts(client, tender)
