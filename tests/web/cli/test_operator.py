"""Those who run the platform: keys, an authority, the first operator, a witness."""

import json
import os
import subprocess
import sys
import time

import pytest

from crypto.cosign import verify_cosignature
from crypto.notes import parse_note
from crypto.vkeys import VerifierKey
from tests.web.cli.platform import NOW, SECRET, Platform, platform
from web.cli.witness_key import load

PLACE = {"QIFENG_CERT_PASSPHRASE": "示例口令-centre", "QIFENG_CA_PASSPHRASE": "示例口令-authority"}


def test_the_whole_installation_from_nothing_to_an_operator_who_signs_in(tmp_path):
    here = Platform(tmp_path, 8080)
    made = here.json("keygen", "platform", cert=None)
    assert made["log_vkey"].startswith("log.qifeng.example+")
    assert here.run("keygen", "platform", cert=None).returncode == 6  # never over the keys that there are
    first = (
        "cert", "first", "--name", "示例李四", "--organisation", "示例区交易中心", "--uscc",
        "12330703MB1234567M", "--id-number", "330703197511304520",
    )  # fmt: skip
    told = here.json(*first, "--out", "centre.p12", cert=None, **PLACE)
    assert told["organisation_id"]
    again = here.json(*first, "--out", "again.p12", cert=None, code=3, **PLACE)
    assert "already" in again["error"]["cause"]
    assert not (tmp_path / "again.p12").exists()
    here.json("migrate", cert=None)
    shown = here.json("cert", "show", "centre.p12", cert=None, **PLACE)
    assert "示例李四" in shown["subject"]


def test_the_operator_certifies_a_request_and_revokes_it(tmp_path):
    with platform(tmp_path) as here:
        told = here.json(
            "cert", "first", "--name", "示例王五", "--organisation", "示例区交易中心", "--uscc",
            "12330703MB1234567M", "--id-number", "330703200002290030", "--out", "centre.p12",
            cert=None, **PLACE,
        )  # fmt: skip
        here.json("cert", "request", "--name", "示例王五", "--out", "new.key", cert=None)
        issued = here.json(
            "cert", "enrol", "new.csr", "--organisation-id", told["organisation_id"], "--person-id",
            told["person_id"], "--profile", "staff", "--out", "new.pem", cert="centre.p12", **PLACE,
        )  # fmt: skip
        here.json("cert", "join", "new.key", "new.pem", "--out", "new.p12", cert=None)
        assert here.json("cert", "show", "new.pem", cert=None)["serial"] == issued["serial"]
        gone = here.json("cert", "revoke", issued["id"], "--reason", "superseded", cert="centre.p12", **PLACE)
        assert gone["revocation_reason"] == "superseded"
        listed = here.json("cert", "crl", "--out", "list.crl", cert=None)
        assert listed["revoked"] == [issued["serial"]]
        refused = here.json("submit", here.tender_id, ".", cert="new.p12", code=3)
        assert refused["error"]["code"] in {"certificate-revoked", "certificate-untrusted"}


def test_an_authority_in_a_directory_issues_and_revokes(tmp_path):
    here = Platform(tmp_path, 8080)
    here.json("cert", "init-ca", "ca", "--name", "示例试点", cert=None, **PLACE)
    issued = here.json(
        "cert", "issue", "ca", "--profile", "bidder", "--name", "示例甲建设有限公司", "--uscc",
        "91330703MA2ABCDE14", "--out", "a.p12", cert=None, **PLACE,
    )  # fmt: skip
    here.json("cert", "revoke-here", "ca", issued["serial"], cert=None, **PLACE)
    assert issued["serial"] in (tmp_path / "ca" / "revoked.json").read_text()
    assert here.run("cert", "revoke-here", "ca", "zz", cert=None, **PLACE).returncode == 5
    wrong = PLACE | {"QIFENG_CA_PASSPHRASE": "another-secret"}
    assert here.run("cert", "revoke-here", "ca", issued["serial"], cert=None, **wrong).returncode == 6


def test_a_holders_key_is_shown_by_its_public_half_and_never_overwritten(tmp_path):
    here = Platform(tmp_path, 8080)
    made = here.json("keygen", "holder", "layer.key", cert=None)
    assert made["recipient"].startswith("age1")
    assert here.json("keygen", "show", "layer.key", cert=None) == {"recipient": made["recipient"]}
    assert here.run("keygen", "holder", "layer.key", cert=None).returncode == 6
    assert b"AGE-SECRET-KEY" not in (tmp_path / "layer.key").read_bytes()


@pytest.fixture
def witnessed(tmp_path):
    """A platform whose log one witness watches, and that witness's key."""
    here = Platform(tmp_path, 8080)
    vkey = here.json("keygen", "witness", "witness.example", "witness.key", cert=None)["vkey"]
    os.environ["QIFENG_LOG__WITNESSES"] = json.dumps([vkey])
    try:
        with platform(tmp_path) as made:
            yield made, vkey
    finally:
        del os.environ["QIFENG_LOG__WITNESSES"]


def _text(made, path):
    import urllib.request

    with urllib.request.urlopen(made.url + path) as answer:
        return answer.read().decode()


def test_a_witness_cosigns_what_continues_and_refuses_what_does_not(witnessed):
    made, vkey = witnessed
    log = json.loads(_text(made, "/log/keys"))["vkey"]
    words = ("witness", "--key", "witness.key", "--memory", "seen.json", "--log", log, "--once")
    made.run("submit", made.tender_id, ".", cert="bidder.p12")  # anything that puts an entry into the log
    end = time.monotonic() + 20
    while made.run(*words, cert=None).returncode:
        assert time.monotonic() < end
    note = parse_note(_text(made, "/log/checkpoint"))
    assert verify_cosignature(note, VerifierKey.parse(vkey)) >= NOW
    assert load(made.home / "witness.key", "示例口令-key").name == "witness.example"
    seen = json.loads((made.home / "seen.json").read_text())
    (name,) = seen
    seen[name] = {"size": seen[name]["size"], "root": "ab" * 32}
    (made.home / "seen.json").write_text(json.dumps(seen))
    forked = made.run(*words, cert=None)
    if forked.returncode == 0:  # the log had not grown: it had nothing to prove
        seen[name]["size"] = 1
        (made.home / "seen.json").write_text(json.dumps(seen))
        forked = made.run(*words, cert=None)
    assert forked.returncode == 5
    assert "not what it was" in forked.stderr


def test_help_comes_before_anything_heavy_is_imported():
    code = (
        "import sys; from web.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'aiohttp', 'cryptography', 'sqlalchemy', 'typer', 'rich', 'pydantic', 'socketio'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "qifeng" in done.stdout


def test_a_command_that_is_not_there_and_a_wrong_option_are_usage_errors(tmp_path):
    here = Platform(tmp_path, 8080)
    assert here.run("seel", cert=None).returncode == 2
    assert here.run("seal", "--nonsense", cert=None).returncode == 2
    mistyped = here.run("keygen", "platform", cert=None, QIFENG_KEYS__PASSPHRAS="示例另一口令")
    assert mistyped.returncode == 6
    assert "keys.passphras" in mistyped.stderr
    assert SECRET not in mistyped.stderr
    assert "示例另一口令" not in mistyped.stderr
