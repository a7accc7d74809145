"""`qifeng export`: the archive of an opening, in the public or the supervision edition."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from web.cli.caller import Caller, run
from web.cli.errors import guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, TenderId, Url
from web.cli.output import Bars, show
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Edition = Annotated[
    Literal["public", "supervision"],
    typer.Option("--edition", help=t("公开版或监督版", "for everyone, or for supervision")),
]
Out = Annotated[Path | None, typer.Option("--out", help=t("存放位置（.zip）", "the zip to make"))]


@app.command(help=t("下载一次开标的完整档案。", "Download the archive of an opening."))
@guarded
def export(
    tender: TenderId, edition: Edition = "public", out: Out = None, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    path = out or Path(f"{tender}-{edition}.zip")
    if path.exists():
        raise FileExistsError(path)
    run(_export(Caller(url, cert, cert_passphrase_file, ca), tender, edition, path))
    size = path.stat().st_size
    value = {"path": str(path), "bytes": size, "edition": edition, "tender_id": tender}
    show(value, f"{path}  ({size} B)", t("用 qifeng verify 离线验证。", "Verify it offline: qifeng verify."))


async def _export(caller: Caller, tender: str, edition: str, path: Path) -> None:
    async with caller.anyone() as client:
        with Bars() as bars:
            await client.download(
                f"/api/tenders/{tender}/bundle", path, edition=edition,
                on_progress=lambda done, size: bars(path.name, done, size),
            )  # fmt: skip
