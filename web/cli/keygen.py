"""`qifeng keygen`: the keys of the platform, of layer holders and committee members, and of witnesses."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from web.cli.caller import Caller, run
from web.cli.errors import Code, Stop, guarded
from web.cli.options import (
    HERE,
    Ca,
    Cert,
    CertSecret,
    Config,
    KeySecret,
    Secrets,
    TenderId,
    Url,
    key_passphrase,
)
from web.cli.output import note, show
from web.cli.words import t

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
    help=t("生成与登记密钥。", "Make keys, and put them to use."),
)  # fmt: skip
File = Annotated[Path, typer.Argument(help=t("密钥文件", "the key file"))]
Name = Annotated[str, typer.Argument(help=t("见证方名称，如 witness.example", "the witness's name"))]


@app.command(
    help=t(
        "平台密钥（CA、日志、签章、时间戳、静态加密），按配置存放。",
        "The platform's own keys, by its settings.",
    )
)
@guarded
def platform(config: Config = None, secrets: Secrets = None) -> None:
    from web.keyring import Keyring
    from web.settings import default_path, load

    settings = load(config or default_path(), secrets=secrets)
    secret = settings.keys.passphrase
    if secret is None:
        raise Stop(
            Code.INPUT, "没有平台口令", "the platform has no passphrase",
            remedy_zh="请设置 QIFENG_KEYS__PASSPHRASE。", remedy_en="Set QIFENG_KEYS__PASSPHRASE.",
        )  # fmt: skip
    made = Keyring.create(
        settings.keys.directory, secret.get_secret_value(), operator=settings.site.operator,
        now=datetime.now(UTC), crl_url=f"{settings.site.origin}/api/crl",
    )  # fmt: skip
    vkey = str(made.log_signer(settings.log.name).vkey)
    value = {"directory": str(settings.keys.directory), "log_vkey": vkey}
    show(value, t("平台密钥已生成", "Made") + f": {settings.keys.directory}", vkey)
    note(
        t(
            "请备份该目录；口令丢失后无法恢复。",
            "Back the directory up; a lost passphrase cannot be recovered.",
        )
    )


@app.command(
    help=t(
        "密钥层保管人或委员的密钥；打印公钥，用于公告。",
        "A holder's key; prints the recipient for the notice.",
    )
)
@guarded
def holder(file: File, key_passphrase_file: KeySecret = None) -> None:
    from crypto.keys import write_identity_file

    recipient = write_identity_file(file, key_passphrase(key_passphrase_file, new=True))
    show({"file": str(file), "recipient": recipient}, recipient)


@app.command(help=t("见证方的密钥；打印其验证公钥。", "A witness's key; prints its verifier key."))
@guarded
def witness(name: Name, file: File, key_passphrase_file: KeySecret = None) -> None:
    from web.cli.witness_key import create

    vkey = str(create(name, file, key_passphrase(key_passphrase_file, new=True)).vkey)
    show({"file": str(file), "vkey": vkey}, vkey)


@app.command(name="show", help=t("查看密钥文件对应的公钥。", "The public half of a key file."))
@guarded
def show_key(file: File, key_passphrase_file: KeySecret = None) -> None:
    secret = key_passphrase(key_passphrase_file)
    told = _public_half(file, secret)
    show(told, *(f"{name}: {value}" for name, value in told.items()))


@app.command(
    help=t(
        "登记本人在该标段的公钥，并当场证明私钥可用。",
        "Hand in my key for a tender and show that it is alive.",
    )
)
@guarded
def prove(
    tender: TenderId, file: File, url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, key_passphrase_file: KeySecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    from crypto.keys import read_identity_file

    identity = read_identity_file(file, key_passphrase(key_passphrase_file))
    proven = run(_prove(Caller(url, cert, cert_passphrase_file, ca), tender, identity))
    show(proven, t("密钥活性已证明", "The key is alive") + f": {proven['recipient']}")


async def _prove(caller: Caller, tender: str, identity: str) -> dict[str, str]:
    from web.client import prove_alive

    async with caller.signed_in() as client:
        proven = await prove_alive(client, tender, identity)
    return {name: str(proven[name]) for name in ("id", "recipient", "proven_at")}


def _public_half(file: Path, secret: str) -> dict[str, str]:
    from crypto.age import recipient_of
    from crypto.errors import KeyFileBroken
    from crypto.keys import read_identity_file, read_key_file
    from web.cli.witness_key import is_witness_key, load

    if is_witness_key(file):
        return {"vkey": str(load(file, secret).vkey)}
    try:
        return {"recipient": recipient_of(read_identity_file(file, secret))}
    except KeyFileBroken:
        key = read_key_file(file, secret)
    return {
        "tender": key.tender_id, "lot": key.lot, "statement_sha256": key.statement_sha256,
        "recipient": key.recipient,
    }  # fmt: skip
