"""Certificates in use: issued to a proven key, bound to whom they name, revoked once."""

from base64 import encodebytes
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from bidding.party import queries
from bidding.party.service import certificates
from bidding.party.service.certificates import NewCertificate
from bidding.refusals.party import (
    CertificateAbsent,
    CertificateKnown,
    CertificateNamesAnother,
    CertificateUntrusted,
    NotAMember,
    RequestUnproven,
)
from crypto.certificates import Authority, Profile, Subject, crl
from crypto.errors import CertificateRevoked
from tests.bidding.party.makers import (
    AGENCY_USCC,
    ATREST,
    BIDDER_USCC,
    OTHER_ID_NUMBER,
    a_person,
    a_request,
    an_organisation,
    enrolled,
    unit_at,
)
from tests.conftest import NOON, TICK

WEEK = timedelta(days=7)


@pytest.fixture
async def bidder(unit, authority):
    return await enrolled(unit, authority)


def order(party, request, **more):
    given = {"organisation_id": party.organisation.id, "person_id": party.person.id, "request": request}
    return NewCertificate(**({"profile": Profile.STAFF} | given | more))


async def issue(unit, authority, wanted):
    return await certificates.issue_certificate(unit, wanted, authority=authority, atrest=ATREST)


async def test_an_issued_certificate_names_organisation_and_code_and_no_id_number(unit, bidder, authority):
    assert BIDDER_USCC in bidder.certificate.subject
    assert bidder.certificate.profile is Profile.BIDDER
    staff = await issue(unit, authority, order(bidder, a_request(ec.generate_private_key(ec.SECP256R1()))))
    holder = authority.trust(now=NOON).judge(
        x509.load_der_x509_certificate(staff.der), authority.chain(), at=NOON
    )
    assert (holder.name, holder.uscc) == ("示例张三", BIDDER_USCC)
    assert holder.person_pseudonym == authority.pseudonym("330703199003070018")
    assert b"330703199003070018" not in staff.der


def tampered(request):
    der = bytearray(x509.load_pem_x509_csr(request).public_bytes(Encoding.DER))
    der[-1] ^= 1
    body = encodebytes(bytes(der))
    return b"-----BEGIN CERTIFICATE REQUEST-----\n" + body + b"-----END CERTIFICATE REQUEST-----\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        tampered(a_request(ec.generate_private_key(ec.SECP256R1()))),
        a_request(ec.generate_private_key(ec.SECP384R1())),
        a_request(rsa.generate_private_key(65537, 1024)),
    ],
)
async def test_a_request_that_proves_no_fitting_key_is_refused(unit, bidder, authority, request_):
    with pytest.raises(RequestUnproven):
        await issue(unit, authority, order(bidder, request_))


async def test_nobody_is_certified_for_an_organisation_they_do_not_act_for(unit, bidder, authority):
    other = await enrolled(
        unit, authority, an_organisation(AGENCY_USCC), a_person("示例李四", OTHER_ID_NUMBER)
    )
    request = a_request(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(NotAMember):
        await issue(unit, authority, order(bidder, request, person_id=other.person.id))


async def bind(unit, party, holder, trust):
    return await certificates.bind_certificate(
        unit, holder.certificate, holder.chain, organisation_id=party.organisation.id,
        person_id=party.person.id, trust=trust,
    )  # fmt: skip


async def test_an_outside_certificate_is_bound_once_to_whom_it_names(unit, bidder, authority, tmp_path):
    outside = Authority.create(tmp_path / "ca", "x", name="外部", now=NOON)
    trust = outside.trust(now=NOON)
    mine = outside.enrol(Profile.BIDDER, Subject(name="示例甲建设有限公司", uscc=BIDDER_USCC), now=NOON)
    other = outside.enrol(Profile.BIDDER, Subject(name="示例甲建设有限公司", uscc=AGENCY_USCC), now=NOON)
    row = await bind(unit, bidder, mine, trust)
    assert not row.is_issued_here
    assert (await certificates.judge(unit.session, trust, mine.certificate, mine.chain, at=NOON)).id == row.id
    with pytest.raises(CertificateKnown):
        await bind(unit, bidder, mine, trust)
    with pytest.raises(CertificateNamesAnother):
        await bind(unit, bidder, other, trust)
    with pytest.raises(CertificateUntrusted):
        await bind(unit, bidder, other, authority.trust(now=NOON))


async def test_a_persons_certificate_is_bound_to_that_person_only(unit, bidder, authority):
    named = Subject(name="示例王五", organisation="示例甲建设有限公司", uscc=BIDDER_USCC)
    holder = authority.enrol(Profile.STAFF, named, now=NOON)
    with pytest.raises(CertificateNamesAnother):
        await bind(unit, bidder, holder, authority.trust(now=NOON))


async def test_the_list_made_from_the_rows_makes_everyone_refuse_the_certificate(unit, bidder, authority):
    reason = x509.ReasonFlags.key_compromise
    later = NOON + WEEK
    then = unit_at(unit.session, later)
    await certificates.revoke_certificate(then, bidder.certificate.id, reason=reason, authority=None)
    revoked = await queries.revocations(unit.session)
    made = crl(authority.issuing, revoked, now=later, next_update=later + WEEK)
    trust = authority.trust(now=NOON)
    listed = type(trust)(roots=trust.roots, crls=(made,))
    listed.judge(bidder.x509, authority.chain(), at=later - TICK)
    with pytest.raises(CertificateRevoked):
        listed.judge(bidder.x509, authority.chain(), at=later)


async def test_what_was_never_bound_cannot_be_revoked(unit):
    with pytest.raises(CertificateAbsent):
        await certificates.revoke_certificate(
            unit, "nothing", reason=x509.ReasonFlags.unspecified, authority=None
        )
