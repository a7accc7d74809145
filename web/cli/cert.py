"""`qifeng cert`: a pilot's authority, requests, the platform's first operator, and looking inside."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from crypto.certificates.profile import Profile
from web.cli import cert_files as files
from web.cli.caller import Caller, run
from web.cli.errors import guarded
from web.cli.options import HERE, Ca, Cert, CertSecret, Config, Secrets, Url, cert_passphrase, passphrase
from web.cli.output import show
from web.cli.words import t

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
    help=t("证书。", "Certificates."),
)  # fmt: skip
Directory = Annotated[
    Path, typer.Argument(metavar="DIRECTORY", help=t("CA 目录", "the authority's directory"))
]
CaSecret = Annotated[
    Path | None,
    typer.Option(
        "--ca-passphrase-file", envvar="QIFENG_CA_PASSPHRASE_FILE",
        help=t("存有 CA 口令的文件（也可用 QIFENG_CA_PASSPHRASE）", "file with the authority's passphrase"),
    ),
]  # fmt: skip
Name = Annotated[str, typer.Option("--name", help=t("名称或姓名", "name of the organisation or person"))]
Out = Annotated[Path, typer.Option("--out", help=t("存放位置", "where to write"))]
Id = Annotated[
    str, typer.Argument(metavar="CERTIFICATE-ID", help=t("平台中的证书编号", "the certificate's id"))
]
Reason = Annotated[str, typer.Option("--reason", help="unspecified, keyCompromise, superseded, …")]
Organisation = Annotated[str | None, typer.Option("--organisation", help=t("单位名称", "the organisation"))]
Uscc = Annotated[
    str | None, typer.Option("--uscc", help=t("统一社会信用代码", "its unified social credit code"))
]
IdNumber = Annotated[
    str | None,
    typer.Option("--id-number", help=t("身份证号（只存假名）", "ID number; only a pseudonym is kept")),
]
Days = Annotated[int, typer.Option("--days", min=1, max=1825)]


@app.command("init-ca", help=t("建立试点用的证书机构。", "Found a certificate authority for a pilot."))
@guarded
def init_ca(directory: Directory, name: Name, ca_passphrase_file: CaSecret = None) -> None:
    made = files.found(directory, name, _ca_secret(ca_passphrase_file, new=True))
    root = files.describe(made.root.certificate)
    show(root, t("已建立", "Founded") + f": {directory}", f"SHA-256 {root['sha256']}")


@app.command(
    help=t("由 CA 目录签发证书，写成 .p12。", "Issue a certificate from an authority's directory, as .p12.")
)
@guarded
def issue(
    directory: Directory, profile: Annotated[Profile, typer.Option("--profile")], name: Name, out: Out,
    organisation: Organisation = None, uscc: Uscc = None, id_number: IdNumber = None, days: Days = 730,
    ca_passphrase_file: CaSecret = None, cert_passphrase_file: CertSecret = None,
) -> None:  # fmt: skip
    authority = files.authority(directory, _ca_secret(ca_passphrase_file))
    subject = files.subject(authority, name, organisation, uscc, id_number)
    secret = cert_passphrase(cert_passphrase_file, new=True)
    told = files.describe(files.enrol(authority, profile, subject, days, out, secret))
    show({"file": str(out), **told}, str(out), *(f"{key}: {value}" for key, value in told.items()))


@app.command(
    help=t("生成私钥与证书申请（PKCS #10）；私钥不离开本机。", "Make a key and a request for a certificate.")
)
@guarded
def request(name: Name, out: Out, cert_passphrase_file: CertSecret = None) -> None:
    csr = out.with_suffix(".csr")
    files.write_request(name, out, csr, cert_passphrase(cert_passphrase_file, new=True))
    show({"key": str(out), "request": str(csr)}, str(out), str(csr))


@app.command(
    help=t("由运营方按申请在平台签发并绑定证书。", "As operator: certify a request on the platform.")
)
@guarded
def enrol(
    csr: Annotated[Path, typer.Argument(metavar="REQUEST")],
    organisation_id: Annotated[str, typer.Option("--organisation-id")],
    person_id: Annotated[str, typer.Option("--person-id")],
    profile: Annotated[Profile, typer.Option("--profile")], out: Out, days: Days = 730, url: Url = HERE,
    cert: Cert = None, cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    body = {
        "organisation_id": organisation_id, "person_id": person_id, "profile": profile.value,
        "request": csr.read_text(encoding="ascii"), "days": days,
    }  # fmt: skip
    told = run(_post(Caller(url, cert, cert_passphrase_file, ca), "/api/certificates", body))
    files.write_chain(told, out)
    show(told, str(out), f"{told['id']}  {told['subject']}")


@app.command(help=t("把私钥与签发的证书合成 .p12。", "Join a key and its certificate into a .p12."))
@guarded
def join(
    key: Annotated[Path, typer.Argument(metavar="KEY")],
    chain: Annotated[Path, typer.Argument(metavar="PEM")],
    out: Out, cert_passphrase_file: CertSecret = None,
) -> None:  # fmt: skip
    secret = cert_passphrase(cert_passphrase_file)
    told = files.describe(files.join(key, chain, out, secret))
    show({"file": str(out), **told}, str(out))


@app.command(help=t("在平台吊销证书，并结束其全部会话。", "Revoke a certificate on the platform."))
@guarded
def revoke(
    certificate: Id, reason: Reason = "unspecified", url: Url = HERE, cert: Cert = None,
    cert_passphrase_file: CertSecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    caller = Caller(url, cert, cert_passphrase_file, ca)
    told = run(_post(caller, f"/api/certificates/{certificate}/revoke", {"reason": reason}))
    show(told, f"{told['serial']}  {told['revoked_at']}  {told['revocation_reason']}")


@app.command(
    "revoke-here", help=t("在 CA 目录中吊销证书。", "Revoke a certificate in an authority's directory.")
)
@guarded
def revoke_here(
    directory: Directory, serial: Annotated[str, typer.Argument(metavar="SERIAL")],
    reason: Reason = "unspecified", ca_passphrase_file: CaSecret = None,
) -> None:  # fmt: skip
    files.revoke(files.authority(directory, _ca_secret(ca_passphrase_file)), serial, reason)
    show({"serial": serial, "reason": reason}, t("已吊销", "Revoked") + f": {serial}")


@app.command(help=t("下载平台的吊销列表（DER）。", "Download the platform's revocation list (DER)."))
@guarded
def crl(out: Out, url: Url = HERE, ca: Ca = None) -> None:
    run(_download(Caller(url, ca=ca), out))
    told = files.describe_crl(out)
    show(told, *(f"{key}: {value}" for key, value in told.items()))


@app.command(name="show", help=t("查看证书或吊销列表文件。", "Look into a certificate or revocation list."))
@guarded
def show_file(
    file: Annotated[Path, typer.Argument(metavar="FILE")], cert_passphrase_file: CertSecret = None
) -> None:
    told = files.inspect(file, lambda: cert_passphrase(cert_passphrase_file))
    show(told, *(f"{key}: {value}" for key, value in told.items()))


@app.command(
    help=t(
        "在服务器上登记平台的首位运营人员并签发证书。", "On the server: enter the platform's first operator."
    )
)
@guarded
def first(
    name: Name, out: Out, organisation: Annotated[str, typer.Option("--organisation")],
    uscc: Annotated[str, typer.Option("--uscc")], id_number: Annotated[str, typer.Option("--id-number")],
    config: Config = None, secrets: Secrets = None, cert_passphrase_file: CertSecret = None,
) -> None:  # fmt: skip
    from web.cli.installing import FirstOperator, install
    from web.settings import default_path, load

    if out.exists():
        raise FileExistsError(out)
    order = FirstOperator(organisation=organisation, uscc=uscc, name=name, id_number=id_number)
    secret = cert_passphrase(cert_passphrase_file, new=True)
    told = run(install(load(config or default_path(), secrets=secrets), order, out, secret))
    show(told, *(f"{key}: {value}" for key, value in told.items()))


async def _post(caller: Caller, path: str, body: Mapping[str, object]) -> dict[str, object]:
    async with caller.signed_in() as client:
        told: dict[str, object] = await client.post(path, body)
    return told


async def _download(caller: Caller, out: Path) -> None:
    async with caller.anyone() as client:
        await client.download("/api/crl", out)


def _ca_secret(path: Path | None, *, new: bool = False) -> str:
    return passphrase(path, "QIFENG_CA_PASSPHRASE", t("CA 口令", "passphrase of the authority"), new=new)
