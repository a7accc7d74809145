"""An honest bundle passes every step: both editions, folder and zip, a small log and a larger one."""

import json
import subprocess
import sys

import pytest

from crypto.verify import Outcome, failed, verify_bundle
from crypto.verify.bundle import Zip
from crypto.verify.writing import zipped
from tests.crypto.verify.ledger import Ledger
from tests.crypto.verify.story import Story

CODES = ["T", *(f"S{number}" for number in range(12))]


@pytest.mark.parametrize("edition", ["public", "supervision"])
def test_every_step_passes_on_an_honest_bundle(edition, world, request):
    findings = verify_bundle(request.getfixturevalue(edition), world.trust())
    assert [one.line("en") for one in findings if one.outcome is not Outcome.PASS] == []
    assert [one.step for one in findings] == CODES


def test_a_bundle_with_nothing_but_its_own_trust_file_says_so(public):
    first, *rest = verify_bundle(public)
    assert (first.step, first.outcome) == ("T", Outcome.SKIP)
    assert "self-attested" in first.words[0]
    assert {one.outcome for one in rest} == {Outcome.PASS}


def test_a_log_without_witnesses_says_so(public, world):
    (first, *_) = verify_bundle(public, world.trust(quorum=0))
    assert "no witness: the log is attested by itself alone" in first.words


def test_a_zip_is_the_same_bundle_and_the_same_bytes_each_time(supervision, world, tmp_path):
    packed = b"".join(zipped(supervision))
    assert packed == b"".join(zipped(supervision))
    (tmp_path / "bundle.zip").write_bytes(packed)
    findings = verify_bundle(tmp_path / "bundle.zip", world.trust())
    assert {one.outcome for one in findings} == {Outcome.PASS}


def test_a_member_of_a_zip_is_read_at_any_place(public, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(zipped(public)))
    archive = Zip(path)
    (name,) = archive.below("log/tile/entries/")
    whole = (public / name).read_bytes()
    with archive.open(name) as file:
        file.seek(-5, 2)
        assert (file.read(), file.tell()) == (whole[-5:], len(whole))
        file.seek(7)
        assert file.read(9) == whole[7:16]


def test_a_log_of_several_rows_of_tiles_passes(world, tmp_path):
    ledger = Ledger(seed=7)
    ledger.leaves = [ledger.random.randbytes(32) for _ in range(70_000)]
    story = Story(world, ledger=ledger)
    story.keep = lambda *_: None  # proofs over so many leaves are the log's own tests
    folder = story.tell().write(tmp_path / "bundle")
    assert (folder / "log/tile/2/000.p/1").exists()
    findings = verify_bundle(folder, world.trust())
    assert failed(findings) == []
    assert findings[-1].outcome is Outcome.SKIP


def test_the_command_prints_each_step_and_says_by_its_exit_code_whether_all_held(public, world, tmp_path):
    world.trust().dump(tmp_path / "trust.json")
    command = [sys.executable, "-m", "crypto.verify", str(public), "--trust", str(tmp_path / "trust.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert [line.split()[0] for line in run.stdout.splitlines()] == CODES
    (public / "more").write_text("")
    try:
        run = subprocess.run(
            [*command, "--json", "--lang", "en"], capture_output=True, text=True, check=False
        )
    finally:
        (public / "more").unlink()
    assert run.returncode == 1
    assert json.loads(run.stdout)["failed"] == ["S0"]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 not a zip", b"{}"])
def test_what_is_no_bundle_fails_at_a_named_step(content, tmp_path):
    path = tmp_path / "bundle.zip"
    if content is not None:
        path.write_bytes(content)
    assert failed(verify_bundle(path)) == ["S0"]


def test_the_verifier_loads_neither_database_nor_web():
    code = "import crypto.verify.__main__, crypto.verify.bad, json, sys; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(run.stdout)}
    assert not loaded & {"sqlalchemy", "aiohttp", "pydantic", "pyhanko", "bidding", "web", "socketio"}
