"""Sealing as a client does it: names of every script, a key proved first, and a clean start after any end."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from crypto.age import generate_identity, recipient_of
from crypto.certificates import Authority, Profile, Subject
from crypto.envelope import open_docs, open_key
from crypto.errors import KeyFileBroken, SourceUnsealable
from crypto.keys import read_key_file
from web.client.sealing import Order, documents, prove_openable, seal_bid

NOW = datetime.now(UTC)
LAYERS = [generate_identity(), generate_identity()]
FACTS = {
    "tender_id": "T-1", "lot": "L-1", "stage": "single", "notice_sha256": "ab" * 32,
    "deadline": "2030-01-01T01:30:00.120000Z", "layers": [recipient_of(one) for one in LAYERS],
    "committee": None, "round": 1, "previous": None,
    "sheet": [{"name": "bid_price", "kind": "fen", "required": True}],
}  # fmt: skip
SECRET, QUICK = "示例口令-key", 10


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    ca = Authority.create(tmp_path_factory.mktemp("ca"), SECRET, name="示例", now=NOW - timedelta(days=1))
    subject = Subject(name="示例甲建设有限公司", uscc="91330703MA2ABCDE14")
    return ca.enrol(Profile.BIDDER, subject, now=NOW)


def order(home, docs, **over):
    return Order({"bid_price": 1}, docs, home / "bid", SECRET, work_factor=QUICK, **over)


def opened(home):
    from crypto.envelope import Statement

    statement = Statement.read((home / "bid" / "statement.json").read_bytes())
    key = read_key_file(home / "bid.qfkey", SECRET)
    docs = open_key((home / "bid" / "key-docs.age").read_bytes(), LAYERS, key.identity)
    with (home / "bid" / "docs.age").open("rb") as src:
        return [one.name for one in open_docs(src, docs, statement.context, home / "opened").files]


def test_names_of_every_script_come_out_as_they_went_in(tmp_path, signer):
    names = [
        "标书—第1册（正本）.pdf", "ไทย.pdf", "Ελληνικά.pdf", "עברית.pdf", "हिन्दी.pdf", "🏗.pdf", "한국어.pdf",
        "ქართული.pdf", "العربية.pdf", "Ünïcödé.pdf",
    ]  # fmt: skip
    (tmp_path / "册").mkdir()
    for name in names:
        (tmp_path / "册" / name).write_bytes(name.encode())
    seal_bid(FACTS, order(tmp_path, documents([tmp_path / "册"])), signer=signer)
    assert opened(tmp_path) == sorted(names)


@pytest.mark.parametrize("name", ["甲:报价.pdf", "a\tb.pdf", "尾.", " 首.pdf", "a\u202eb.pdf", "长" * 81])
def test_a_name_that_not_every_system_takes_is_refused_and_no_bid_appears(tmp_path, signer, name):
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(SourceUnsealable):
        seal_bid(FACTS, order(tmp_path, {name: tmp_path / "x"}), signer=signer)
    assert not (tmp_path / "bid").exists()
    assert not (tmp_path / "bid.qfkey").exists()


def test_two_files_of_one_name_and_no_file_at_all_are_refused(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.pdf").write_bytes(b"x")
    with pytest.raises(SourceUnsealable, match="two files"):
        documents([tmp_path / "a" / "x.pdf", tmp_path / "b" / "x.pdf"])
    for nothing in ([], [tmp_path / "none.pdf"]):
        with pytest.raises(SourceUnsealable):
            documents(nothing)


def test_a_key_file_of_another_bid_is_found_out(tmp_path, signer):
    (tmp_path / "x").write_bytes(b"x")
    seal_bid(FACTS, order(tmp_path, {"x": tmp_path / "x"}), signer=signer)
    other = Order({"bid_price": 1}, {"x": tmp_path / "x"}, tmp_path / "b2", SECRET, work_factor=QUICK)
    seal_bid(FACTS, other, signer=signer)
    with pytest.raises(KeyFileBroken, match="not the key of this bid"):
        prove_openable(tmp_path / "b2.qfkey", SECRET, tmp_path / "bid", FACTS, signer)


def test_what_stands_there_already_is_never_touched(tmp_path, signer):
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "bid.qfkey").write_bytes(b"of another bid")
    with pytest.raises(FileExistsError):
        seal_bid(FACTS, order(tmp_path, {"x": tmp_path / "x"}), signer=signer)
    assert (tmp_path / "bid.qfkey").read_bytes() == b"of another bid"
    assert not (tmp_path / "bid").exists()


_KILLED = """
import sys
from pathlib import Path
from tests.web.client import test_sealing as t
from crypto.certificates import Credential
home = Path(sys.argv[1])
signer = Credential.from_pkcs12((home / "s.p12").read_bytes(), t.SECRET)
def tell(name, done, size):
    print(name, done, flush=True)
t.seal_bid(t.FACTS, t.order(home, {"big.pdf": home / "big.pdf"}), signer=signer, on_progress=tell)
print("sealed", flush=True)
"""


@pytest.mark.parametrize("when", ["docs", "key"])
def test_a_killed_seal_leaves_no_bid_and_the_next_run_starts_over(tmp_path, signer, when):
    (tmp_path / "s.p12").write_bytes(signer.to_pkcs12(SECRET))
    (tmp_path / "big.pdf").write_bytes(os.urandom(64 << 20))
    process = subprocess.Popen([sys.executable, "-c", _KILLED, tmp_path], stdout=subprocess.PIPE, text=True)
    with process:
        if when == "docs":
            while not process.stdout.readline().startswith("docs"):
                pass
        else:
            while not (tmp_path / "bid.qfkey").exists():
                time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
    if when == "docs":
        assert not (tmp_path / "bid").exists()
    if not (tmp_path / "bid").exists():  # else it was done before the signal came
        seal_bid(FACTS, order(tmp_path, {"big.pdf": tmp_path / "big.pdf"}), signer=signer)
    assert opened(tmp_path) == ["big.pdf"]
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {"s.p12", "big.pdf", "bid", "bid.qfkey", "opened"}
