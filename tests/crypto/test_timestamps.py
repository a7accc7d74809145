import hashlib
import subprocess
from datetime import timedelta
from shutil import which

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates import (
    Credential,
    OutsideAuthority,
    Profile,
    Revocation,
    Subject,
    TrustStore,
    crl,
    issue,
)
from crypto.errors import TimestampInvalid
from crypto.timestamps import request, token_of, verify_token
from crypto.tsa import TimestampAuthority
from tests.crypto.certificates.makers import NOON, SECOND, House

DIGEST = hashlib.sha256(b"checkpoint").digest()
NAME = Subject(name="示例时间戳服务")


@pytest.fixture(scope="module")
def house():
    return House()


@pytest.fixture(scope="module")
def tsa(house):
    return TimestampAuthority(house.leaf(Profile.TSA, NAME))


def stamp(tsa, digest=DIGEST, *, now=NOON, serial=41):
    asked = request(digest)
    return token_of(tsa.stamp(asked, now=now, serial=serial), asked)


def test_a_token_says_when_the_digest_was_seen(house, tsa):
    now = NOON + timedelta(microseconds=999_999)
    stamped = verify_token(stamp(tsa, now=now), DIGEST, trust=house.trust(), chain=tsa.credential.chain)
    assert (stamped.at, stamped.accuracy, stamped.serial) == (NOON, SECOND, 41)
    assert stamped.at <= now <= stamped.latest
    assert stamped.authority.name == "示例时间戳服务"


@pytest.mark.parametrize("name", ["sha384", "sha512"])
def test_longer_digests_are_stamped_as_well(house, tsa, name):
    digest = hashlib.new(name, b"checkpoint").digest()
    asked = request(digest, algorithm=name)
    token = token_of(tsa.stamp(asked, now=NOON, serial=1), asked)
    assert verify_token(token, digest, trust=house.trust(), chain=tsa.credential.chain).at == NOON


def test_an_rsa_authority_is_understood(house):
    key = rsa.generate_private_key(65537, 2048)
    certificate = issue(house.issuing, Profile.TSA, NAME, key.public_key(), now=NOON)
    tsa = TimestampAuthority(Credential(certificate, key, (house.issuing.certificate,)))
    assert verify_token(stamp(tsa), DIGEST, trust=house.trust(), chain=tsa.credential.chain).at == NOON


def test_a_token_is_about_its_digest_and_no_other(house, tsa):
    other = hashlib.sha256(b"other").digest()
    with pytest.raises(TimestampInvalid, match="Mismatch"):
        verify_token(stamp(tsa), other, trust=house.trust(), chain=tsa.credential.chain)


def test_no_flipped_byte_changes_what_a_token_says(house, tsa):
    """A few bytes of CMS carry no meaning (its version, the list of digests); none may be read anew."""
    token = stamp(tsa)
    truth = verify_token(token, DIGEST, trust=house.trust(), chain=tsa.credential.chain)
    noticed = 0
    for place in range(len(token)):
        broken = token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]
        try:
            said = verify_token(broken, DIGEST, trust=house.trust(), chain=tsa.credential.chain)
        except TimestampInvalid:
            noticed += 1
        else:
            assert said == truth
    assert noticed > 0.98 * len(token)


def test_a_foreign_authority_is_not_believed(house, tsa):
    with pytest.raises(TimestampInvalid):
        verify_token(stamp(tsa), DIGEST, trust=House().trust(), chain=tsa.credential.chain)


def test_a_root_slipped_in_as_an_intermediate_is_not_believed(house):
    stranger = House()
    tsa = TimestampAuthority(stranger.leaf(Profile.TSA, NAME))
    chain = [stranger.issuing.certificate, stranger.root.certificate]
    with pytest.raises(TimestampInvalid, match="not trusted"):
        verify_token(stamp(tsa), DIGEST, trust=house.trust(), chain=chain)


def test_a_certificate_of_another_profile_stamps_nothing(house):
    tsa = TimestampAuthority(house.leaf(Profile.PLATFORM))
    with pytest.raises(TimestampInvalid):
        verify_token(stamp(tsa), DIGEST, trust=house.trust(), chain=tsa.credential.chain)


def test_a_stamp_after_the_revocation_is_void_and_one_before_stands(house):
    tsa = TimestampAuthority(house.leaf(Profile.TSA, NAME))
    entry = Revocation(tsa.credential.certificate.serial_number, NOON + SECOND)
    trust = house.trust(crl(house.issuing, [entry], now=NOON, next_update=NOON + timedelta(days=1)))
    chain = tsa.credential.chain
    assert verify_token(stamp(tsa), DIGEST, trust=trust, chain=chain).at == NOON
    with pytest.raises(TimestampInvalid, match="revoked"):
        verify_token(stamp(tsa, now=NOON + SECOND), DIGEST, trust=trust, chain=chain)


def test_a_stamp_out_of_the_certificates_time_is_void(house, tsa):
    token = stamp(tsa, now=NOON - timedelta(hours=1))
    with pytest.raises(TimestampInvalid):
        verify_token(token, DIGEST, trust=house.trust(), chain=tsa.credential.chain)


def test_the_answer_must_be_to_our_question(tsa):
    asked, other = request(DIGEST), request(DIGEST)
    answer = tsa.stamp(asked, now=NOON, serial=1)
    with pytest.raises(TimestampInvalid, match="nonce"):
        token_of(answer, other)
    forged = tsp.TimeStampReq.load(asked)
    forged["message_imprint"]["hashed_message"] = b"\0" * 32
    with pytest.raises(TimestampInvalid, match="another digest"):
        token_of(answer, forged.dump(force=True))


@pytest.mark.parametrize("answer", [b"", b"\x30\x00", bytes.fromhex("30053003020102"), b"\0" * 70_000])
def test_an_answer_that_grants_nothing_gives_no_token(answer):
    with pytest.raises(TimestampInvalid):
        token_of(answer, request(DIGEST))


@pytest.mark.parametrize("token", [b"", b"\x30\x00", b"\x00" * 100])
def test_nonsense_is_no_token(house, token):
    with pytest.raises(TimestampInvalid):
        verify_token(token, DIGEST, trust=house.trust())


@pytest.mark.parametrize(
    "asked",
    [
        b"",
        b"\x30\x00",
        request(b"\0" * 31),
        request(b"\0" * 20, algorithm="sha1"),
        tsp.TimeStampReq.load(request(DIGEST)).dump() + b"\0",
    ],
    ids=["nothing", "empty", "short-digest", "sha1", "longer"],
)
def test_a_request_for_what_is_not_given_is_refused(tsa, asked):
    with pytest.raises(TimestampInvalid):
        tsa.stamp(asked, now=NOON, serial=1)


def test_a_request_under_another_policy_is_refused(tsa):
    asked = tsp.TimeStampReq.load(request(DIGEST))
    asked["req_policy"] = "1.2.3.4"
    with pytest.raises(TimestampInvalid, match="policy"):
        tsa.stamp(asked.dump(), now=NOON, serial=1)


def pem(*certificates):
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


@pytest.mark.skipif(which("openssl") is None, reason="the openssl program is not installed")
def test_openssl_agrees(house, tsa, tmp_path):
    asked = request(DIGEST)
    (tmp_path / "query").write_bytes(asked)
    (tmp_path / "reply").write_bytes(tsa.stamp(asked, now=NOON, serial=1))
    (tmp_path / "root").write_bytes(pem(house.root.certificate))
    (tmp_path / "chain").write_bytes(pem(house.issuing.certificate))
    command = ["openssl", "ts", "-verify", "-queryfile", "query", "-in", "reply", "-CAfile", "root"]
    command += ["-untrusted", "chain", "-attime", str(int(NOON.timestamp()))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr


@pytest.mark.skipif(which("openssl") is None, reason="the openssl program is not installed")
@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_a_token_of_openssls_authority_is_understood(tmp_path, digest):
    outside = OutsideTSA(tmp_path, digest)
    asked = request(DIGEST)
    token = token_of(outside.answer(asked), asked)
    trust = TrustStore(outside=(OutsideAuthority(root=outside.certificate, profile=Profile.TSA),))
    stamped = verify_token(token, DIGEST, trust=trust, chain=())
    assert stamped.accuracy == timedelta(seconds=1, milliseconds=500, microseconds=100)
    assert stamped.authority.name == "outside"


class OutsideTSA:
    """`openssl ts` with a certificate of its own under a root of its own."""

    CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
crypto_device = builtin
signer_digest = {digest}
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500, microsecs:100
ess_cert_id_alg = sha256
tsa_name = no
"""
    EXTENSIONS = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"

    def __init__(self, where, digest):
        self.where = where
        (where / "conf").write_text(self.CONFIG.format(digest=digest))
        (where / "ext").write_text(self.EXTENSIONS)
        (where / "serial").write_text("01\n")
        name = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        usage = ["-addext", "keyUsage=critical,keyCertSign"]
        self.run("req", "-x509", *name, *usage, "-subj", "/CN=root", "-keyout", "rkey", "-out", "root")
        self.run("req", *name[:-2], "-subj", "/CN=outside", "-keyout", "key", "-out", "csr")
        signing = ["-CA", "root", "-CAkey", "rkey", "-CAcreateserial", "-extfile", "ext"]
        self.run("x509", "-req", "-in", "csr", *signing, "-days", "1", "-out", "cert")
        self.certificate = x509.load_pem_x509_certificate((where / "root").read_bytes())

    def answer(self, asked):
        (self.where / "query").write_bytes(asked)
        signer = ["-signer", "cert", "-inkey", "key", "-config", "conf"]
        self.run("ts", "-reply", "-queryfile", "query", *signer, "-out", "reply")
        return (self.where / "reply").read_bytes()

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.where, check=True, capture_output=True)
