"""One plain function per noun of the party room's tests."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.service import certificates, organisations, people, sessions
from bidding.party.service.certificates import NewCertificate
from bidding.party.service.organisations import NewOrganisation
from bidding.party.service.people import NewPerson
from bidding.party.service.sessions import Answer
from bidding.party.tables import Certificate, Organisation, Person
from crypto.atrest import AtRest
from crypto.certificates import Profile, new_key
from crypto.ledger import Unit
from tests.conftest import NOON, at

ATREST = AtRest([bytes(range(32))])
BIDDER_USCC = "91330703MA2ABCDE14"
AGENCY_USCC = "91330100799655058B"
CENTRE_USCC = "12330703MB1234567M"
ID_NUMBER = "330703199003070018"
OTHER_ID_NUMBER = "330703197511304520"
DOMAIN = "tender.example"
SHA = "ab" * 32


def unit_at(session, moment=NOON, *, by="centre/one"):
    return Unit(session, by=by, clock=at(moment))


def an_organisation(uscc=BIDDER_USCC, name="示例甲建设有限公司", kinds=(OrganisationKind.BIDDER,), **more):
    return NewOrganisation(uscc=uscc, name=name, kinds=frozenset(kinds), **more)


def a_person(name="示例张三", id_number=ID_NUMBER, phone="13800000000"):
    return NewPerson(name=name, id_number=id_number, phone=phone)


def a_request(key):
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def sign(key, message):
    return key.sign(message, ec.ECDSA(hashes.SHA256()))


@dataclass
class Party:
    """Someone who can sign in: an organisation, a person of it, a key and its certificate."""

    organisation: Organisation
    person: Person
    certificate: Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def x509(self):
        return x509.load_der_x509_certificate(self.certificate.der)


async def enrolled(unit, authority, order=None, person=None, *, roles=(Role.BIDDER,), profile=Profile.BIDDER):
    """A party from nothing to a certificate in use."""
    organisation = await organisations.register_organisation(unit, order or an_organisation())
    human = await people.register_person(unit, person or a_person(), atrest=ATREST)
    await people.join(unit, human.id, organisation.id, roles=roles)
    key = new_key()
    wanted = NewCertificate(
        organisation_id=organisation.id, person_id=human.id, profile=profile, request=a_request(key)
    )
    row = await certificates.issue_certificate(unit, wanted, authority=authority, atrest=ATREST)
    return Party(organisation, human, row, key)


async def sign_in(unit, party, authority, *, trust=None):
    """The party's session and token."""
    challenge = await sessions.ask(unit, domain=DOMAIN)
    answer = Answer(
        nonce=challenge.nonce,
        signature=sign(party.key, challenge.message()),
        certificate=party.x509,
        chain=authority.chain(),
        device="test",
    )
    return await sessions.sign_in(unit, answer, trust=trust or authority.trust(now=NOON))
