"""What needs none of our programs: Debian's age opens bids, OpenSSL judges the time."""

import json
import subprocess
from shutil import which

import pytest

from tests.crypto.verify.world import PRICES


def act(bundle, kind):
    for line in (bundle / "streams/public.jsonl").read_text().splitlines():
        entry = json.loads(json.loads(line)["text"])
        if entry["kind"] == kind:
            yield entry["body"]


def run(*command, given=None):
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.skipif(which("age") is None, reason="Debian's age is not installed")
def test_debians_age_reads_a_price_out_of_the_public_edition(public, tmp_path):
    for number, body in enumerate(act(public, "key.sheet-published")):
        (tmp_path / "S.txt").write_text(body["identity"] + "\n")
        raw = run(
            "age", "-d", "-i", str(tmp_path / "S.txt"), str(public / f"bids/{body['bid_id']}/sheet.age")
        )
        assert json.loads(raw)["sheet"]["bid_price"] == PRICES[number]


@pytest.mark.skipif(which("age") is None, reason="Debian's age is not installed")
def test_debians_age_takes_the_layers_off_and_unpacks_the_documents(supervision, tmp_path):
    for body in act(supervision, "key.layer-released"):
        (tmp_path / f"L{body['order']}.txt").write_text(body["identity"] + "\n")
    bid = "bid-1-1"
    nested = (supervision / f"bids/{bid}/key-docs.age").read_bytes()
    for key in (tmp_path / "L1.txt", tmp_path / "L2.txt", supervision / f"keys/{bid}.txt"):
        nested = run("age", "-d", "-i", str(key), given=nested)
    (tmp_path / "S.txt").write_bytes(nested)
    archive = run("age", "-d", "-i", str(tmp_path / "S.txt"), str(supervision / f"bids/{bid}/docs.age"))
    (tmp_path / "docs.tar").write_bytes(archive)
    run("tar", "-xf", str(tmp_path / "docs.tar"), "-C", str(tmp_path))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    named = {one["name"]: one["size"] for one in manifest["files"]}
    assert {name: (tmp_path / "files" / name).stat().st_size for name in named} == named


@pytest.mark.skipif(which("openssl") is None, reason="OpenSSL is not installed")
def test_openssl_judges_the_time_stamp_over_the_closing_checkpoint(public, world, tmp_path):
    trust = world.trust()
    (tmp_path / "root.pem").write_text(trust.tsa_roots_pem[0])
    (tmp_path / "issuing.pem").write_text(trust.tsa_roots_pem[1])
    (token,) = public.glob("log/timestamps/*.tsr")
    said = run(
        "openssl", "ts", "-verify", "-data", str(token.with_suffix(".txt")), "-in", str(token), "-token_in",
        "-CAfile", str(tmp_path / "root.pem"), "-untrusted", str(tmp_path / "issuing.pem"),
    )  # fmt: skip
    assert b"Verification: OK" in said
