"""A bidder's whole way at the command line: seal, submit, replace, withdraw, and receipts that verify."""

import json
import urllib.request

import pytest

from crypto.age import decrypt
from crypto.envelope import Statement, open_docs, open_key, open_sheet
from crypto.keys import read_key_file
from tests.web.cli.platform import KEY_SECRET


@pytest.fixture
def sealed(served, home):
    served.json(
        "seal", served.tender_id, home / "技术标.pdf", "--sheet", home / "sheet.json", "--out", home / "bid"
    )
    return home / "bid"


@pytest.fixture(scope="module")
def known(served, tmp_path_factory):
    path = tmp_path_factory.mktemp("facts") / "facts.json"
    served.json("seal", served.tender_id, "--save-facts", path)
    return path


@pytest.fixture
def facts(served, home, known):
    """The words of a seal command that asks nobody anything."""
    return [served.tender_id, "--facts", known, "--sheet", home / "sheet.json", "--out", home / "bid"]


def trust(served, home):

    path = home / "trust.json"
    with urllib.request.urlopen(served.url + "/log/trust") as answer:
        path.write_bytes(answer.read())
    return path


def test_what_was_sealed_opens_with_the_layers_and_the_key_file_and_with_nothing_less(served, home, sealed):
    statement = Statement.read((sealed / "statement.json").read_bytes())
    key = read_key_file(home / "bid.qfkey", KEY_SECRET)
    identity = open_key((sealed / "key-sheet.age").read_bytes(), served.layers, key.identity)
    with (sealed / "sheet.age").open("rb") as src:
        assert open_sheet(src, identity, statement.context)["bid_price"] == 123456780
    docs = open_key((sealed / "key-docs.age").read_bytes(), served.layers, key.identity)
    with (sealed / "docs.age").open("rb") as src:
        manifest = open_docs(src, docs, statement.context, home / "opened")
    assert [one.name for one in manifest.files] == ["技术标.pdf"]
    assert (home / "opened" / "技术标.pdf").read_bytes() == (home / "技术标.pdf").read_bytes()
    with pytest.raises(Exception, match="opens"):
        decrypt((sealed / "key-sheet.age").read_bytes(), identities=[key.identity])
    assert len(statement.shares) == 3


def test_a_bid_is_submitted_replaced_and_withdrawn_and_each_receipt_verifies_offline(served, home, sealed):
    first = served.json("submit", served.tender_id, sealed)
    again = served.json("submit", served.tender_id, sealed)
    assert (first["round"], first["seq"]) == (again["round"], again["seq"])
    second = served.json(
        "seal", served.tender_id, home / "技术标.pdf", "--sheet", home / "sheet.json", "--out", home / "bid2"
    )
    replaced = served.json("submit", served.tender_id, home / "bid2")
    assert (replaced["round"], replaced["statement_sha256"]) == (2, second["statement_sha256"])
    known = trust(served, home)
    checked = served.json(
        "receipt", "verify", home / "bid2.receipt.json", "--trust", known, "--folder", home / "bid2",
        "--key", home / "bid2.qfkey",
    )  # fmt: skip
    passed = {one["step"] for one in checked["findings"] if one["outcome"] == "PASS"}
    assert checked["ok"] is True
    assert {"B1", "B2", "B8"} <= passed
    wrong = served.run("receipt", "verify", home / "bid2.receipt.json", "--trust", known, "--folder", sealed)
    assert wrong.returncode == 5
    gone = served.json("withdraw", served.tender_id, "--yes", "--receipt", home / "gone.receipt.json")
    assert (gone["kind"], gone["round"]) == ("bid.withdrawn", 2)
    told = served.json("receipt", "show", home / "gone.tlog-proof")
    assert told["kind"] == "bid.withdrawn"
    fetched = served.json("receipt", "fetch", served.tender_id, gone["seq"], "--out", home / "f.receipt.json")
    assert fetched["entry"] == gone["entry"]


def test_another_bidders_folder_is_refused_with_its_cause_and_remedy(served, home, sealed):
    done = served.run("submit", served.tender_id, sealed, cert="other.p12")
    assert done.returncode == 3
    assert "Remedy:" in done.stderr
    told = served.json("submit", served.tender_id, sealed, cert="other.p12", code=3)
    assert told["error"]["status"] in {409, 422}
    assert told["error"]["zh"]["cause"]


def test_a_folder_whose_ciphertext_was_changed_is_refused_and_no_bid_comes_of_it(served, home, sealed):
    path = sealed / "docs.age"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    told = served.json("submit", served.tender_id, sealed, code=3)
    assert told["error"]["code"] == "bid-altered"


def test_a_name_that_not_every_system_takes_is_refused_and_leaves_nothing_behind(served, home, facts):
    (home / "甲:报价.pdf").write_bytes(b"x")
    done = served.run("seal", *facts, home / "甲:报价.pdf")
    assert done.returncode == 6, done.stderr
    assert (
        sorted(one.name for one in home.iterdir() if one.name.startswith("bid") and "part" not in one.name)
        == []
    )


@pytest.mark.parametrize("price", ['"123456780"', "1234567.8", "-1", '"1,234,567"', "null"])
def test_an_amount_that_is_no_whole_number_of_fen_is_refused_here(served, home, facts, price):
    (home / "sheet.json").write_text(f'{{"bid_price": {price}, "duration_days": 1, "quality": "x"}}')
    done = served.run("seal", *facts, home / "技术标.pdf", cert=None)
    assert done.returncode == 6, done.stderr
    assert "bid_price" in done.stderr
    assert not (home / "bid").exists()


@pytest.mark.parametrize("text", ['{"bid_price": 1, "bid_price": 2}', "[]", "{", '{"bid_price": NaN}'])
def test_a_file_that_is_no_sheet_is_refused(served, home, facts, text):
    (home / "sheet.json").write_text(text)
    assert served.run("seal", *facts, home / "技术标.pdf", cert=None).returncode == 6


def test_a_bid_can_be_sealed_away_from_any_network(served, home):
    served.json("seal", served.tender_id, "--save-facts", home / "facts.json")
    away = {"QIFENG_URL": "http://127.0.0.1:9"}
    told = served.json(
        "seal", served.tender_id, home / "技术标.pdf", "--sheet", home / "sheet.json", "--out", home / "bid",
        "--facts", home / "facts.json", **away,
    )  # fmt: skip
    assert told["has_fallback"] is True
    assert served.json("submit", served.tender_id, home / "bid")["kind"] == "bid.submitted"
    served.json("withdraw", served.tender_id, "--yes", "--receipt", home / "w.receipt.json")


def test_nothing_is_overwritten(served, home, sealed):
    before = (home / "bid.qfkey").read_bytes()
    done = served.run(
        "seal", served.tender_id, home / "技术标.pdf", "--sheet", home / "sheet.json", "--out", sealed
    )
    assert done.returncode == 6
    assert (home / "bid.qfkey").read_bytes() == before


def test_without_a_server_the_command_says_so_and_leaves_with_its_own_code(served, home, sealed):
    told = served.json("submit", served.tender_id, sealed, code=4, QIFENG_URL="http://127.0.0.1:9")
    assert told["error"]["code"] == "unreachable"


def test_a_wrong_passphrase_is_an_input_error(served, home, sealed):
    told = served.json("submit", served.tender_id, sealed, code=6, QIFENG_CERT_PASSPHRASE="falsch-falsch")
    assert told["error"]["code"] == "KeyFileBroken"


def test_a_key_is_not_released_before_its_window(served, home, sealed):
    told = served.json("release", "bidder", served.tender_id, home / "bid.qfkey", code=3)
    assert told["error"]["status"] in {404, 409}
    assert json.dumps(told).count("AGE-SECRET-KEY") == 0
