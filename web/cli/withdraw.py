"""`qifeng withdraw`: take a bid back before the deadline (撤回)."""

from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any

import typer

from web.cli.caller import Caller, run
from web.cli.errors import Code, Stop, guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, TenderId, Trust, Url
from web.cli.output import note, show
from web.cli.receipts import check, keep, lines, trust_of
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Saved = Annotated[Path | None, typer.Option("--receipt", help=t("回执存放位置", "where to keep the receipt"))]
Yes = Annotated[bool, typer.Option("--yes", help=t("不再询问", "do not ask"))]


@app.command(help=t("截止前撤回投标文件。", "Withdraw my bid before the deadline."))
@guarded
def withdraw(
    tender: TenderId, *, yes: Yes = False, receipt: Saved = None, trust: Trust = None, url: Url = HERE,
    cert: Cert = None, cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    if not yes and not typer.confirm(t("确认撤回本单位的投标文件?", "Withdraw the bid?"), err=True):
        raise Stop(Code.INTERRUPTED, "未撤回", "nothing was withdrawn")
    told, known = run(_withdraw(Caller(url, cert, cert_passphrase_file, ca), tender, trust))
    path = keep(told, receipt or Path(f"withdrawal-{tender[-12:]}-{told['seq']}.receipt.json"))
    check(told, known)
    show(told, *lines(told), t("回执", "Receipt") + f": {path}")
    note(told["what_happens_next"][t("zh", "en")])


async def _withdraw(caller: Caller, tender: str, trust: Path | None) -> tuple[dict[str, Any], Any]:
    async with caller.signed_in() as client:
        told = await client.call("DELETE", f"/api/tenders/{tender}/bids/mine", key=token_hex(16))
        return told, await trust_of(client, trust)
