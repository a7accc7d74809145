"""Options that several commands share, and the secrets that are asked for once."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from web.cli.errors import Code, Stop
from web.cli.words import t

HERE = "http://127.0.0.1:8080"

Url = Annotated[
    str, typer.Option("--url", envvar="QIFENG_URL", help=t("平台地址", "address of the platform"))
]
Cert = Annotated[
    Path | None,
    typer.Option(
        "--cert", envvar="QIFENG_CERT", help=t("数字证书文件 .p12 或 .pem", "certificate file, .p12 or .pem")
    ),
]
CertSecret = Annotated[
    Path | None,
    typer.Option(
        "--cert-passphrase-file", envvar="QIFENG_CERT_PASSPHRASE_FILE",
        help=t("存有证书口令的文件（也可用 QIFENG_CERT_PASSPHRASE）",
               "file with the certificate's passphrase"),
    ),
]  # fmt: skip
Ca = Annotated[
    Path | None,
    typer.Option("--ca", envvar="QIFENG_CA", help=t("信任的 TLS 根证书（PEM）", "TLS root to trust (PEM)")),
]
KeySecret = Annotated[
    Path | None,
    typer.Option(
        "--key-passphrase-file", envvar="QIFENG_KEY_PASSPHRASE_FILE",
        help=t("存有密钥文件口令的文件（也可用 QIFENG_KEY_PASSPHRASE）",
               "file with the key file's passphrase"),
    ),
]  # fmt: skip
Config = Annotated[
    Path | None,
    typer.Option(
        "--config", envvar="QIFENG_CONFIG", help=t("配置文件 config.toml", "the config.toml to use")
    ),
]
Secrets = Annotated[
    Path | None, typer.Option("--secrets", help=t("秘密文件所在目录", "directory of secret files"))
]
Trust = Annotated[
    Path | None,
    typer.Option(
        "--trust", envvar="QIFENG_TRUST", help=t("信任文件 trust.json", "the trust file, trust.json")
    ),
]
TenderId = Annotated[str, typer.Argument(metavar="TENDER", help=t("标段编号", "id of the tender"))]

_SHORTEST = 8


def passphrase(path: Path | None, variable: str, ask: str, *, new: bool = False) -> str:
    """The secret in *path*, in the environment's *variable*, or typed; a *new* one is typed twice.

    Raises Stop where there is nobody to type it, or a new one is shorter than 8 letters.
    """
    given = _given(path, variable)
    if given is None:
        if not sys.stdin.isatty():
            raise Stop(
                Code.INPUT, f"需要{ask}", f"needed: {ask}",
                remedy_zh=f"请设置 {variable} 或给出口令文件。", remedy_en=f"Set {variable}, or give a file.",
            )  # fmt: skip
        given = typer.prompt(ask, hide_input=True, confirmation_prompt=new, err=True)
    if new and len(given) < _SHORTEST:
        raise Stop(Code.INPUT, "口令至少 8 个字符", "a passphrase has at least 8 letters")
    return given


def _given(path: Path | None, variable: str) -> str | None:
    if path is not None:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    return os.environ.get(variable)


def cert_passphrase(path: Path | None, *, new: bool = False) -> str:
    return passphrase(path, "QIFENG_CERT_PASSPHRASE", t("证书口令", "passphrase of the certificate"), new=new)


def key_passphrase(path: Path | None, *, new: bool = False) -> str:
    return passphrase(path, "QIFENG_KEY_PASSPHRASE", t("密钥文件口令", "passphrase of the key file"), new=new)
