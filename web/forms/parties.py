"""Organisations, people, certificates and appointments, as they come in."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from crypto.certificates import Profile
from web.forms import Form, Query
from web.forms.sessions import CertificateText

Id = Annotated[str, StringConstraints(min_length=1, max_length=36)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60)]
OrganisationName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+ ()-]{5,30}$")]
SHA256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reason = Literal[
    "unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation",
    "privilegeWithdrawn",
]  # fmt: skip


class RegisterOrganisation(Form):
    """A new organisation; the code may be full-width, lower-case or spaced."""

    uscc: Code
    name: OrganisationName
    kinds: Annotated[frozenset[OrganisationKind], Field(min_length=1)]
    is_operator_affiliate: bool = False


class AmendOrganisation(Form):
    """An organisation's name and kinds as they shall be."""

    name: OrganisationName
    kinds: Annotated[frozenset[OrganisationKind], Field(min_length=1)]


class StateAffiliation(Form):
    """Whether the organisation is tied to the platform's operator (E-10), and on what ground."""

    is_operator_affiliate: bool
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class RegisterPerson(Form):
    """A new person."""

    name: PersonName
    id_number: Code
    phone: Phone | None = None


class AmendPerson(Form):
    """A person's name and telephone as they shall be."""

    name: PersonName
    phone: Phone | None = None


class FindPerson(Form):
    """An ID number to look someone up by; in a body, so that no address or log holds it."""

    id_number: Code


class GrantMembership(Form):
    """The platform roles of a person in an organisation, all of them."""

    roles: frozenset[Role]


class IssueCertificate(Form):
    """A request (PKCS #10, PEM) to be certified for a person of an organisation."""

    organisation_id: Id
    person_id: Id
    profile: Literal[Profile.BIDDER, Profile.STAFF, Profile.EXPERT]
    request: Annotated[str, StringConstraints(min_length=1, max_length=16384)]
    days: Annotated[int, Field(ge=1, le=1825)] = 730


class BindCertificate(Form):
    """A certificate that exists (DER, base64), to be put to use."""

    organisation_id: Id
    person_id: Id
    certificate: CertificateText
    chain: Annotated[tuple[CertificateText, ...], Field(max_length=4)] = ()


class RevokeCertificate(Form):
    """Why a certificate is revoked (RFC 5280 §5.3.1)."""

    reason: Reason


class Appoint(Form):
    """A role at the tender's desk for one person, or for everyone of the organisation."""

    organisation_id: Id
    person_id: Id | None = None
    role: Role
    until: AwareDatetime | None = None


class Delegate(Form):
    """A delegate of the caller's own organisation, by a power of attorney."""

    person_id: Id
    power_of_attorney_sha256: SHA256
    until: AwareDatetime | None = None


class PageQuery(Query):
    """Where a page begins and how long it is."""

    after: Annotated[str, StringConstraints(max_length=36)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class OrganisationQuery(PageQuery):
    """Organisations whose name or code contains `text`, of a kind."""

    text: Annotated[str, StringConstraints(max_length=100)] = ""
    kind: OrganisationKind | None = None


class PersonQuery(PageQuery):
    """People whose name contains `text`, of an organisation."""

    text: Annotated[str, StringConstraints(max_length=100)] = ""
    organisation_id: Annotated[str, StringConstraints(max_length=36)] = ""


class CertificateQuery(PageQuery):
    """Certificates of an organisation or a person."""

    organisation_id: Annotated[str, StringConstraints(max_length=36)] = ""
    person_id: Annotated[str, StringConstraints(max_length=36)] = ""


class CodeQuery(Query):
    """A code to be checked."""

    uscc: Code
