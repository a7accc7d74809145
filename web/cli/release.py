"""`qifeng release`: at the opening, a bidder's key, a layer holder's key, or a committee member's shares."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crypto.errors import KeyFileBroken
from web.cli.caller import Caller, run
from web.cli.errors import guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, KeySecret, TenderId, Url, key_passphrase
from web.cli.output import show
from web.cli.words import t

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
    help=t("开标时释放密钥或份额。", "Release a key or shares at the opening."),
)  # fmt: skip
File = Annotated[Path, typer.Argument(metavar="KEY", help=t("密钥文件", "the key file"))]


@app.command(help=t("投标人释放本单位投标文件的密钥（.qfkey）。", "A bidder's key of its bid (.qfkey)."))
@guarded
def bidder(
    tender: TenderId, key: File, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, key_passphrase_file: KeySecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    from crypto.keys import read_key_file

    held = read_key_file(key, key_passphrase(key_passphrase_file))
    if held.tender_id != tender:
        raise KeyFileBroken(f"this key belongs to tender {held.tender_id}")
    _show(run(_release(Caller(url, cert, cert_passphrase_file, ca), tender, held.identity, "release_bid")))


@app.command(help=t("密钥层保管人释放密钥层。", "A layer holder's key."))
@guarded
def layer(
    tender: TenderId, key: File, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, key_passphrase_file: KeySecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    identity = _identity(key, key_passphrase_file)
    _show(run(_release(Caller(url, cert, cert_passphrase_file, ca), tender, identity, "release_layer")))


@app.command(
    help=t("委员解密并提交所有被请求的份额。", "A committee member's shares, all that are asked for.")
)
@guarded
def share(
    tender: TenderId, key: File, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, key_passphrase_file: KeySecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    identity = _identity(key, key_passphrase_file)
    posted = run(_release(Caller(url, cert, cert_passphrase_file, ca), tender, identity, "post_shares"))
    value = [{"bid_id": one.bid_id, "bidder": one.bidder, "fault": one.fault} for one in posted]
    told = [f"{one['bidder']}  {one['bid_id']}  {one['fault']}".rstrip() for one in value]
    show(value, *(told or [t("没有待提交的份额", "no share is asked for")]))


async def _release(caller: Caller, tender: str, identity: str, how: str) -> Any:
    from web import client as verbs

    async with caller.signed_in() as client:
        return await getattr(verbs, how)(client, tender, identity)


def _identity(path: Path, secret: Path | None) -> str:
    from crypto.keys import read_identity_file

    return read_identity_file(path, key_passphrase(secret))


def _show(told: dict[str, Any]) -> None:
    done = [f"{one['at']}  {one['kind']}  {one['audience']}#{one['seq']}" for one in told["acts"]]
    show(told, *(done or [t("早已释放，无需重复", "it was released before")]))
