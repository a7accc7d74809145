import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates import crl, load_certificate, load_certificates, load_crl
from crypto.errors import CertificateInvalid
from tests.crypto.certificates.makers import NOON, SECOND, House


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_both_spellings_of_a_certificate_are_read(encoding):
    certificate = House().leaf().certificate
    assert load_certificate(certificate.public_bytes(encoding)) == certificate


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE-----", b"\x30\x00", b"0" * 20_000])
def test_nonsense_is_no_certificate(data):
    with pytest.raises(CertificateInvalid):
        load_certificate(data)


def test_every_flipped_byte_gives_a_certificate_or_a_refusal_and_never_another_error():
    der = House().leaf().certificate.public_bytes(Encoding.DER)
    refused = 0
    for place in range(len(der)):
        try:
            load_certificate(der[:place] + bytes([der[place] ^ 1]) + der[place + 1 :])
        except CertificateInvalid:
            refused += 1
    assert refused > 0


def test_a_file_of_certificates_keeps_their_order():
    house = House()
    certificates = (house.issuing.certificate, house.root.certificate)
    assert load_certificates(b"".join(one.public_bytes(Encoding.PEM) for one in certificates)) == certificates


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_both_spellings_of_a_revocation_list_are_read(encoding):
    empty = crl(House().root, [], now=NOON, next_update=NOON + SECOND)
    assert load_crl(empty.public_bytes(encoding)) == empty


@pytest.mark.parametrize("data", [b"", b"-----BEGIN X509 CRL-----", b"\x30\x00"])
def test_nonsense_is_neither_a_list_nor_a_file_of_certificates(data):
    for load in (load_certificates, load_crl):
        with pytest.raises(CertificateInvalid):
            load(data)
