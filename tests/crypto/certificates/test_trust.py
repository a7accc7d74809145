from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from crypto.certificates import (
    Credential,
    OutsideAuthority,
    Profile,
    Revocation,
    Subject,
    TrustStore,
    create_issuing,
    create_root,
    crl,
    fingerprint,
    issue,
    new_key,
)
from crypto.errors import CertificateInvalid, CertificateRevoked
from tests.crypto.certificates.makers import BIDDER, NOON, SECOND, USCC, House


@pytest.fixture(scope="module")
def house():
    return House()


def revoked(house, serial, *, at, now=NOON + timedelta(days=2), reason=x509.ReasonFlags.key_compromise):
    return crl(house.issuing, [Revocation(serial, at, reason)], now=now, next_update=now + timedelta(days=7))


def test_a_bidder_is_read_from_the_certificate(house):
    leaf = house.leaf()
    holder = house.trust().judge(leaf.certificate, leaf.chain, at=NOON, profile=Profile.BIDDER)
    assert (holder.profile, holder.name, holder.uscc) == (Profile.BIDDER, "示例甲建设有限公司", USCC)
    assert holder.person_pseudonym is None
    assert holder.serial == f"{leaf.certificate.serial_number:x}"
    assert holder.fingerprint_sha256 == fingerprint(leaf.certificate)


def test_a_person_of_an_organisation_is_named_with_a_pseudonym(house):
    subject = Subject(name="张三", organisation="示例招标代理有限公司", uscc=USCC, person_pseudonym="ab" * 16)
    leaf = house.leaf(Profile.STAFF, subject)
    holder = house.trust().judge(leaf.certificate, leaf.chain, at=NOON)
    assert (holder.name, holder.organisation) == ("张三", "示例招标代理有限公司")
    assert holder.person_pseudonym == "ab" * 16


def test_a_long_organisation_name_is_kept_whole(house):
    name = "示例" * 40 + "有限公司"
    leaf = house.leaf(subject=Subject(name=name, uscc=USCC))
    assert house.trust().judge(leaf.certificate, leaf.chain, at=NOON).name == name


@pytest.mark.parametrize("profile", list(Profile))
def test_every_profile_is_recognised_and_serves_as_no_other(house, profile):
    leaf = house.leaf(profile)
    for wanted in Profile:
        if wanted is profile:
            holder = house.trust().judge(leaf.certificate, leaf.chain, at=NOON, profile=wanted)
            assert holder.profile is profile
        else:
            with pytest.raises(CertificateInvalid, match="cannot serve"):
                house.trust().judge(leaf.certificate, leaf.chain, at=NOON, profile=wanted)


def test_a_foreign_root_is_not_trusted_even_under_the_same_name(house):
    leaf = House().leaf()
    with pytest.raises(CertificateInvalid):
        house.trust().judge(leaf.certificate, leaf.chain, at=NOON)


def test_an_intermediate_that_is_missing_breaks_the_path(house):
    with pytest.raises(CertificateInvalid):
        house.trust().judge(house.leaf().certificate, (), at=NOON)


def test_nobody_is_trusted_where_no_root_is(house):
    with pytest.raises(CertificateInvalid, match="no root"):
        TrustStore().judge(house.leaf().certificate, house.leaf().chain, at=NOON)


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=30)])
def test_a_certificate_holds_from_its_first_to_its_last_second(house, after):
    leaf = house.leaf(days=30)
    assert house.trust().judge(leaf.certificate, leaf.chain, at=NOON + after)


@pytest.mark.parametrize("after", [-SECOND, timedelta(days=30) + SECOND])
def test_a_certificate_not_yet_or_no_longer_valid_is_refused(house, after):
    leaf = house.leaf(days=30)
    with pytest.raises(CertificateInvalid, match="not valid at"):
        house.trust().judge(leaf.certificate, leaf.chain, at=NOON + after)


@pytest.mark.parametrize("after", [timedelta(0), SECOND])
def test_a_revoked_certificate_is_refused_from_the_instant_of_revocation(house, after):
    leaf = house.leaf()
    store = house.trust(revoked(house, leaf.certificate.serial_number, at=NOON + SECOND))
    with pytest.raises(CertificateRevoked):
        store.judge(leaf.certificate, leaf.chain, at=NOON + SECOND + after)


def test_what_was_signed_before_the_revocation_stays_signed(house):
    leaf = house.leaf()
    store = house.trust(revoked(house, leaf.certificate.serial_number, at=NOON + SECOND))
    assert store.judge(leaf.certificate, leaf.chain, at=NOON).uscc == USCC


def test_a_revoked_issuing_authority_takes_its_leaves_with_it(house):
    leaf = house.leaf()
    entry = Revocation(house.issuing.certificate.serial_number, NOON, x509.ReasonFlags.ca_compromise)
    store = house.trust(crl(house.root, [entry], now=NOON, next_update=NOON + timedelta(days=7)))
    with pytest.raises(CertificateRevoked):
        store.judge(leaf.certificate, leaf.chain, at=NOON)


def test_a_list_forged_under_the_issuers_name_revokes_nobody(house):
    leaf = house.leaf()
    forged = Credential(house.issuing.certificate, new_key())
    entry = Revocation(leaf.certificate.serial_number, NOON - SECOND)
    fake = crl(forged, [entry], now=NOON, next_update=NOON + timedelta(days=7))
    assert house.trust(fake).judge(leaf.certificate, leaf.chain, at=NOON)


def test_a_newer_list_cannot_forget_a_revocation(house):
    leaf = house.leaf()
    old = revoked(house, leaf.certificate.serial_number, at=NOON, now=NOON)
    new = crl(house.issuing, [], now=NOON + SECOND, next_update=NOON + timedelta(days=7))
    with pytest.raises(CertificateRevoked):
        house.trust(old, new).judge(leaf.certificate, leaf.chain, at=NOON + SECOND)


def test_a_hold_ends_with_the_newer_list(house):
    leaf = house.leaf()
    hold = x509.ReasonFlags.certificate_hold
    old = revoked(house, leaf.certificate.serial_number, at=NOON, now=NOON, reason=hold)
    new = crl(house.issuing, [], now=NOON + SECOND, next_update=NOON + timedelta(days=7))
    with pytest.raises(CertificateRevoked):
        house.trust(old).judge(leaf.certificate, leaf.chain, at=NOON + SECOND)
    assert house.trust(old, new).judge(leaf.certificate, leaf.chain, at=NOON + SECOND)


def test_a_required_list_must_be_there_and_fresh(house):
    leaf = house.leaf()
    due = NOON + timedelta(days=1)
    lists = [crl(ca, [], now=NOON, next_update=due) for ca in (house.issuing, house.root)]
    store = house.trust(*lists, crl_required=True)
    assert store.judge(leaf.certificate, leaf.chain, at=due)
    for refused, at in ((store, due + SECOND), (house.trust(crl_required=True), NOON)):
        with pytest.raises(CertificateInvalid, match="no revocation list"):
            refused.judge(leaf.certificate, leaf.chain, at=at)


def test_a_leaf_cannot_act_as_an_authority(house):
    leaf = house.leaf()
    child = issue(leaf, Profile.BIDDER, BIDDER, new_key().public_key(), now=NOON)
    with pytest.raises(CertificateInvalid, match="cA must be asserted"):
        house.trust().judge(child, (leaf.certificate, *leaf.chain), at=NOON)


def test_an_issuing_authority_cannot_found_another(house):
    deeper = create_issuing(house.issuing, "示例三级", now=NOON)
    leaf = issue(deeper, Profile.BIDDER, BIDDER, new_key().public_key(), now=NOON)
    with pytest.raises(CertificateInvalid):
        house.trust().judge(leaf, (deeper.certificate, house.issuing.certificate), at=NOON)


def test_an_authority_cannot_act_as_a_leaf(house):
    with pytest.raises(CertificateInvalid, match="authority"):
        house.trust().judge(house.issuing.certificate, at=NOON)


def outsider(*extensions, subject=None):
    """A certificate as some other CA would write it, with its own *extensions*."""
    root = create_root("示例外部机构", now=NOON)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例乙工程有限公司"), *(subject or [])])
    usage = x509.KeyUsage(True, True, True, False, False, False, False, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(root.certificate.subject)
        .public_key(rsa.generate_private_key(65537, 2048).public_key())
        .serial_number(7)
        .not_valid_before(NOON)
        .not_valid_after(NOON + timedelta(days=1))
        .add_extension(usage, critical=True)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return root.certificate, builder.sign(root.key, hashes.SHA256())


@pytest.mark.parametrize("der", [b"\x0c\x12" + USCC.encode(), b"\x04\x12" + USCC.encode(), USCC.encode()])
def test_an_outside_authority_may_keep_the_code_in_an_extension_of_its_own(der):
    oid = "1.2.86.11.7.3"
    root, leaf = outsider(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), der))
    holder = TrustStore(outside=(OutsideAuthority(root=root, uscc_oid=oid),)).judge(leaf, at=NOON)
    assert (holder.profile, holder.name, holder.uscc) == (Profile.BIDDER, "示例乙工程有限公司", USCC)


def test_an_outside_authority_may_keep_the_code_in_the_subject():
    unit = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"统一社会信用代码:{USCC}")
    root, leaf = outsider(subject=[unit])
    store = TrustStore(outside=(OutsideAuthority(root=root, uscc_oid="2.5.4.11"),))
    assert store.judge(leaf, at=NOON).uscc == USCC


def test_an_outside_authority_cannot_grant_itself_our_profiles(house):
    ours = house.leaf(Profile.PLATFORM).certificate.extensions
    root, leaf = outsider(ours.get_extension_for_class(x509.CertificatePolicies).value)
    store = TrustStore(outside=(OutsideAuthority(root=root),))
    assert store.judge(leaf, at=NOON).profile is Profile.BIDDER


def test_a_certificate_without_our_mark_has_no_profile_under_our_own_root():
    root, leaf = outsider()
    with pytest.raises(CertificateInvalid, match="no profile"):
        TrustStore(roots=(root,)).judge(leaf, at=NOON)


def test_a_certificate_of_another_purpose_is_refused():
    root, leaf = outsider(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))
    with pytest.raises(CertificateInvalid, match="extended key usage"):
        TrustStore(outside=(OutsideAuthority(root=root),)).judge(leaf, at=NOON)


def test_a_time_stamping_certificate_must_serve_nothing_else():
    purposes = [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CLIENT_AUTH]
    root, leaf = outsider(x509.ExtendedKeyUsage(purposes))
    with pytest.raises(CertificateInvalid, match="extended key usage"):
        TrustStore(outside=(OutsideAuthority(root=root, profile=Profile.TSA),)).judge(leaf, at=NOON)
