import json

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.errors import CertificateInvalid, NoteInvalid
from crypto.trust import Trust
from tests.crypto.certificates.makers import House
from tests.crypto.log.makers import cosigner, log_signer

WITNESSES = tuple(str(cosigner(f"w{n}.example").vkey) for n in range(3))
TRUST = Trust(log_vkey=str(log_signer().vkey), witnesses=WITNESSES, quorum=2)


@pytest.fixture(scope="module")
def house():
    return House()


def pem(certificate):
    return certificate.public_bytes(Encoding.PEM).decode()


def test_a_trust_file_is_read_as_it_was_written(tmp_path, house):
    full = Trust(log_vkey=TRUST.log_vkey, ca_roots_pem=(pem(house.root.certificate),), tsa_roots_pem=("",))
    for trust in (TRUST, full):
        trust.dump(tmp_path / "trust.json")
        assert Trust.load(tmp_path / "trust.json") == trust


def test_roots_and_intermediates_find_their_places(house):
    both = (pem(house.root.certificate) + pem(house.issuing.certificate),)
    trust = Trust(log_vkey=TRUST.log_vkey, ca_roots_pem=both, tsa_roots_pem=both)
    assert trust.ca_store.anchors() == trust.tsa_store.anchors() == [house.root.certificate]
    assert trust.tsa_chain == [house.issuing.certificate]


def test_a_root_that_is_none_is_refused():
    for field in ("ca_roots_pem", "tsa_roots_pem"):
        trust = Trust(log_vkey=TRUST.log_vkey, **{field: ("not a certificate",)})
        with pytest.raises(CertificateInvalid):
            _ = trust.ca_store, trust.tsa_store


GOOD = json.loads(TRUST.dumps())


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "[]",
        json.dumps(GOOD | {"v": "other/1"}),
        json.dumps({"v": GOOD["v"]}),
        json.dumps(GOOD | {"log_vkey": 7}),
        json.dumps(GOOD | {"log_vkey": WITNESSES[0]}),
        json.dumps(GOOD | {"log_vkey": GOOD["log_vkey"][:-4] + "AAAA"}),
        json.dumps(GOOD | {"witnesses": [GOOD["log_vkey"]]}),
        json.dumps(GOOD | {"witnesses": [7]}),
        json.dumps(GOOD | {"witnesses": "none"}),
        json.dumps(GOOD | {"witnesses": [*WITNESSES, WITNESSES[0]]}),
        json.dumps(GOOD | {"ca_roots_pem": "one"}),
        json.dumps(GOOD | {"quorum": 4}),
        json.dumps(GOOD | {"quorum": -1}),
        json.dumps(GOOD | {"quorum": True}),
        json.dumps(GOOD | {"quorum": "2"}),
        json.dumps(GOOD | {"surprise": 1}),
    ],
)
def test_what_is_no_trust_file_is_refused(raw):
    with pytest.raises(NoteInvalid):
        Trust.loads(raw)
