"""`qifeng submit`: upload and hand in a sealed folder, as often as it takes, and keep the receipt."""

from pathlib import Path
from typing import Annotated, Any

import typer

from web.cli.caller import Caller, run
from web.cli.errors import guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, TenderId, Trust, Url
from web.cli.output import Bars, note, show
from web.cli.receipts import check, keep, lines, trust_of
from web.cli.words import t
from web.client.uploads import CHUNK

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Sealed = Annotated[Path, typer.Argument(metavar="FOLDER", help=t("密封文件夹", "the sealed folder"))]
Saved = Annotated[Path | None, typer.Option("--receipt", help=t("回执存放位置", "where to keep the receipt"))]
Chunk = Annotated[
    int,
    typer.Option(
        "--chunk", min=1 << 16, max=32 << 20, help=t("分块字节数", "bytes in one piece of the upload")
    ),
]


@app.command(
    help=t(
        "上传并提交；中断后重新执行即从断点继续，不会重复提交。",
        "Upload and submit; run again after any interruption.",
    )
)
@guarded
def submit(
    tender: TenderId, folder: Sealed, receipt: Saved = None, chunk: Chunk = CHUNK, trust: Trust = None,
    url: Url = HERE, cert: Cert = None, cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    told, known = run(_submit(Caller(url, cert, cert_passphrase_file, ca), tender, folder, chunk, trust))
    path = keep(told, receipt or folder.with_name(folder.name + ".receipt.json"))
    check(told, known, folder)
    show(told, *lines(told), t("回执", "Receipt") + f": {path}")
    note(told["what_happens_next"][t("zh", "en")])
    if trust is None:
        note(
            t(
                "回执按平台自述的公钥核对；请另行取得信任文件再核对一次。",
                "Checked by the platform's own keys: check again by yours.",
            )
        )


async def _submit(
    caller: Caller, tender: str, folder: Path, chunk: int, trust: Path | None
) -> tuple[dict[str, Any], Any]:
    from web.client import submit as hand_in

    async with caller.signed_in() as client:
        with Bars() as bars:
            told = await hand_in(client, tender, folder, chunk=chunk, on_progress=bars)
        return told, await trust_of(client, trust)
