"""The platform's first operator, entered where the database and the keys are; all others come over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party import queries
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.service import certificates, organisations, people
from bidding.party.service.certificates import NewCertificate
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson
from bidding.refusals import Refusal
from crypto.certificates import Credential, Profile, new_key
from crypto.certificates.credential import PrivateKey
from crypto.ledger import Unit
from web.app import App, build
from web.cli.cert_files import write_new
from web.cli.errors import Code, Stop
from web.migrate import migrate
from web.settings import Settings
from web.unit import working

BY = "installation"


@dataclass(frozen=True, kw_only=True)
class FirstOperator:
    """The centre that runs the platform, and the person who will enter everyone else."""

    organisation: str
    uscc: str
    name: str
    id_number: str


async def install(settings: Settings, order: FirstOperator, out: Path, passphrase: str) -> dict[str, Any]:
    """Enter the operator and write its certificate to *out*; only on a platform that has no centre yet.

    Raises Stop, FileExistsError, and the refusals of the party room as Stop.
    """
    app = await build(settings)
    try:
        await migrate(app.db)
        credential, told = await enrol_first(app, order)
    except Refusal as refusal:
        raise Stop(Code.REFUSED, *(refusal.texts()[lang]["cause"] for lang in ("zh", "en"))) from None
    finally:
        await app.db.dispose()
    write_new(out, credential.to_pkcs12(passphrase))
    return {"file": str(out), **told}


async def enrol_first(app: App, order: FirstOperator) -> tuple[Credential, dict[str, str]]:
    """The operator's credential, and the ids of its organisation and person."""
    if app.authority is None:
        raise Stop(Code.INPUT, "平台没有内置 CA", "the platform has no authority of its own")
    key = new_key()
    async with working(app, by=BY) as unit:
        await _refuse_second(unit)
        centre = await organisations.register_organisation(
            unit,
            NewOrganisation(
                uscc=order.uscc, name=order.organisation, kinds=frozenset({OrganisationKind.CENTRE})
            ),
        )
        person = await people.register_person(
            unit, NewPerson(name=order.name, id_number=order.id_number), atrest=app.atrest
        )
        await people.join(unit, person.id, centre.id, roles=[Role.CENTRE_OPS])
        wanted = NewCertificate(
            organisation_id=centre.id, person_id=person.id, profile=Profile.STAFF, request=_request(key)
        )
        row = await certificates.issue_certificate(unit, wanted, authority=app.authority, atrest=app.atrest)
        told = {"organisation_id": centre.id, "person_id": person.id, "certificate_id": row.id}
        certificate = x509.load_der_x509_certificate(row.der)
    return Credential(certificate, key, app.authority.chain()), told


async def _refuse_second(unit: Unit) -> None:
    if await queries.organisations(unit.session, kind=OrganisationKind.CENTRE, limit=1):
        raise Stop(
            Code.REFUSED, "平台已有运营方", "the platform has its operator already",
            remedy_zh="请由已登记的运营人员在平台登记其他人员。",
            remedy_en="Let an operator who is entered enter the others.",
        )  # fmt: skip


def _request(key: PrivateKey) -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
