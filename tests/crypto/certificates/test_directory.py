import json
from datetime import timedelta

import pytest
from cryptography import x509

from crypto.certificates import Authority, Credential, Profile, pseudonym
from crypto.errors import CertificateInvalid, CertificateRevoked, KeyFileBroken
from tests.crypto.certificates.makers import BIDDER, NOON, SECOND, USCC


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    where = tmp_path_factory.mktemp("authority")
    return Authority.create(where, "口令", name="示例中心", now=NOON, crl_url="https://ca.example/list.crl")


def test_a_loaded_authority_is_the_one_that_was_created(authority):
    again = Authority.load(authority.directory, "口令")
    assert again.root.certificate == authority.root.certificate
    assert again.issuing.key.private_numbers() == authority.issuing.key.private_numbers()
    assert again.pseudonym("11010519491231002X") == authority.pseudonym("11010519491231002x ")
    assert again.crl_url == "https://ca.example/list.crl"


def test_an_authority_is_not_founded_over_another(authority):
    with pytest.raises(FileExistsError):
        Authority.create(authority.directory, "x", name="y", now=NOON)


@pytest.mark.parametrize("passphrase", ["", "口令 "])
def test_another_passphrase_does_not_open_it(authority, passphrase):
    with pytest.raises(KeyFileBroken):
        Authority.load(authority.directory, passphrase)


def test_an_empty_directory_is_no_authority(tmp_path):
    with pytest.raises(KeyFileBroken, match="missing"):
        Authority.load(tmp_path, "x")


def test_no_private_key_and_no_pepper_lies_in_the_clear(authority):
    scalar = authority.issuing.key.private_numbers().private_value.to_bytes(32, "big")
    for path in authority.directory.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert scalar not in data
            assert authority.pepper not in data
            assert b"PRIVATE KEY" not in data
            assert path.stat().st_mode & 0o077 == 0


def test_an_enrolled_holder_is_trusted_and_can_be_carried_in_pkcs12(authority):
    leaf = authority.enrol(Profile.BIDDER, BIDDER, now=NOON)
    carried = Credential.from_pkcs12(leaf.to_pkcs12("一二三"), "一二三")
    assert (carried.certificate, carried.chain) == (leaf.certificate, leaf.chain)
    assert authority.trust(now=NOON).judge(carried.certificate, carried.chain, at=NOON).uscc == USCC
    points = carried.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value == "https://ca.example/list.crl"


def test_a_pkcs12_file_of_two_strangers_is_refused(authority):
    one = authority.enrol(Profile.BIDDER, BIDDER, now=NOON)
    two = authority.enrol(Profile.BIDDER, BIDDER, now=NOON)
    with pytest.raises((KeyFileBroken, ValueError)):
        Credential.from_pkcs12(Credential(one.certificate, two.key).to_pkcs12("x"), "x")


def test_a_revocation_is_kept_and_the_first_one_stands(authority):
    leaf = authority.enrol(Profile.STAFF, BIDDER, now=NOON)
    serial = leaf.certificate.serial_number
    authority.revoke(serial, at=NOON + SECOND, reason=x509.ReasonFlags.key_compromise)
    authority.revoke(serial, at=NOON + timedelta(days=1))
    again = Authority.load(authority.directory, "口令")
    trust = again.trust(now=NOON + timedelta(hours=1))
    assert trust.judge(leaf.certificate, leaf.chain, at=NOON)
    with pytest.raises(CertificateRevoked):
        trust.judge(leaf.certificate, leaf.chain, at=NOON + SECOND)


def test_a_stranger_cannot_be_revoked(authority):
    with pytest.raises(CertificateInvalid, match="not issued here"):
        authority.revoke(4711, at=NOON)


def test_every_list_has_a_higher_number_than_the_one_before(authority):
    numbers = [
        authority.crls(now=NOON + step)[0].extensions.get_extension_for_class(x509.CRLNumber).value
        for step in (timedelta(0), timedelta(milliseconds=1))
    ]
    assert numbers[0].crl_number < numbers[1].crl_number


def test_a_pseudonym_tells_nothing_without_the_pepper():
    number = "11010519491231002X"
    assert pseudonym(number, pepper=b"a" * 32) != pseudonym(number, pepper=b"b" * 32)
    assert len(pseudonym(number, pepper=b"a" * 32)) == 32


def test_a_leaf_never_outlives_its_issuer(authority):
    leaf = authority.enrol(Profile.BIDDER, BIDDER, now=NOON, days=36500).certificate
    assert leaf.not_valid_after_utc == authority.issuing.certificate.not_valid_after_utc


def test_the_revocations_on_disk_are_plain_to_read(authority):
    lines = json.loads((authority.directory / "revoked.json").read_text())
    assert all(set(line) == {"serial", "at", "reason"} for line in lines)
