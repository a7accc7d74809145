import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms as asn1_cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.cms import sign_detached, verify_detached
from crypto.errors import SignatureInvalid

NOON = datetime(2026, 12, 1, 4, tzinfo=UTC)
DATA = '{"投标":"示例甲建设有限公司"}'.encode()


def self_signed(key, name="示例甲建设有限公司"):
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(NOON)
        .not_valid_after(NOON + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


EC_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_CERT, RSA_CERT = self_signed(EC_KEY), self_signed(RSA_KEY)
SIGNED = sign_detached(DATA, EC_CERT, EC_KEY)


@pytest.mark.parametrize(("key", "certificate"), [(EC_KEY, EC_CERT), (RSA_KEY, RSA_CERT)])
def test_a_signature_names_its_certificate_and_brings_the_chain(key, certificate):
    signer = verify_detached(DATA, sign_detached(DATA, certificate, key, [self_signed(RSA_KEY, "CA")]))
    assert signer.certificate == certificate
    assert len(signer.chain) == 1


def test_other_content_was_not_signed():
    with pytest.raises(SignatureInvalid, match="other content"):
        verify_detached(DATA + b" ", SIGNED)


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_a_changed_byte_never_gives_another_signer(at, change):
    broken = bytearray(SIGNED)
    broken[at] ^= change
    try:
        assert verify_detached(DATA, bytes(broken)).certificate == EC_CERT
    except SignatureInvalid:
        return


def test_a_certificate_of_another_key_under_the_same_name_is_refused():
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(SignatureInvalid):
        verify_detached(DATA, sign_detached(DATA, EC_CERT, other))


def tampered(change):
    content = asn1_cms.ContentInfo.load(SIGNED)
    change(content["content"])
    return content.dump(force=True)


def test_a_signature_without_signed_attributes_is_refused():
    def strip(signed):
        del signed["signer_infos"][0]["signed_attrs"]

    with pytest.raises(SignatureInvalid, match="no signed attributes"):
        verify_detached(DATA, tampered(strip))


def test_a_second_signer_is_refused():
    def double(signed):
        signed["signer_infos"].append(signed["signer_infos"][0].copy())

    with pytest.raises(SignatureInvalid, match="exactly one"):
        verify_detached(DATA, tampered(double))


def test_a_signature_without_its_certificate_is_refused():
    def drop(signed):
        signed["certificates"] = []

    with pytest.raises(SignatureInvalid, match="not inside"):
        verify_detached(DATA, tampered(drop))


def test_content_inside_the_signature_is_refused():
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA).add_signer(EC_CERT, EC_KEY, hashes.SHA256())
    attached = builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    with pytest.raises(SignatureInvalid, match="its own content"):
        verify_detached(DATA, attached)


@pytest.mark.parametrize(("key", "certificate"), [(EC_KEY, EC_CERT), (RSA_KEY, RSA_CERT)])
def test_a_signature_made_by_another_library_is_taken(key, certificate):
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA).add_signer(certificate, key, hashes.SHA256())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    assert verify_detached(DATA, builder.sign(Encoding.DER, options)).certificate == certificate


def test_another_digest_is_refused():
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA).add_signer(EC_CERT, EC_KEY, hashes.SHA384())
    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    with pytest.raises(SignatureInvalid, match="SHA-256"):
        verify_detached(DATA, builder.sign(Encoding.DER, options))


@pytest.mark.parametrize("p7s", [b"", b"x", b"0\x80", SIGNED + b"x", SIGNED[:-1], bytes(70_000)])
def test_what_is_no_signature_is_refused(p7s):
    with pytest.raises(SignatureInvalid):
        verify_detached(DATA, p7s)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="OpenSSL's own tool is not installed")
@pytest.mark.parametrize(("key", "certificate"), [(EC_KEY, EC_CERT), (RSA_KEY, RSA_CERT)])
def test_openssl_verifies_our_signature_and_we_verify_its_own(tmp_path, key, certificate):
    def openssl(*args):
        return subprocess.run(["openssl", "cms", *args], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "p7s").write_bytes(sign_detached(DATA, certificate, key))
    openssl("-verify", "-inform", "DER", "-in", "p7s", "-content", "data", "-binary", "-noverify")

    (tmp_path / "cert").write_bytes(certificate.public_bytes(Encoding.PEM))
    (tmp_path / "key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    openssl(
        *("-sign", "-in", "data", "-binary", "-outform", "DER", "-out", "p7s"),
        *("-signer", "cert", "-inkey", "key", "-md", "sha256"),
    )
    assert verify_detached(DATA, (tmp_path / "p7s").read_bytes()).certificate == certificate
