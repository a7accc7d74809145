"""What a bidder finds out alone, offline, and what she finds out once the bundle is there."""

import shutil
from dataclasses import replace

import pytest

from crypto.commitments import BLIND_SIZE
from crypto.receipts import Receipt, promise, stamp_digest
from crypto.timestamps import request, token_of
from crypto.verify import Mine, Outcome, failed, verify_receipt_files
from crypto.verify.__main__ import main
from crypto.verify.bidder import BIDDER_STEPS
from tests.crypto.verify.ledger import SIGNER
from tests.crypto.verify.world import DEADLINE, NOON

PASS, SKIP, FAIL = Outcome.PASS, Outcome.SKIP, Outcome.FAIL


def outcomes(findings):
    return {one.step: one.outcome for one in findings}


@pytest.fixture
def mine(story, world):
    """The second bidder's things."""
    sealed = world.bidders[1].sealed
    return Mine(receipt=str(story.kept["1-1"].proof), folder=sealed.folder, identity=sealed.bidder_identity)


def test_a_receipt_holds_alone_before_there_is_a_bundle(mine, world):
    found = outcomes(verify_receipt_files(mine, world.trust()))
    assert found == {
        "B1": PASS, "B2": PASS, "B3": PASS, "B4": PASS, "B5": PASS, "B6": PASS, "B7": SKIP, "B8": PASS,
        "B9": SKIP, "B10": SKIP, "B11": SKIP,
    }  # fmt: skip


@pytest.mark.parametrize("edition", ["public", "supervision"])
def test_with_the_bundle_she_sees_her_bid_bound_and_announced_as_sealed(mine, world, request, edition):
    bundle = request.getfixturevalue(edition)
    found = outcomes(verify_receipt_files(mine, world.trust(), bundle=bundle))
    assert (found["B10"], found["B11"]) == (PASS, PASS)


def test_a_receipt_alone_still_proves_the_log(story, world):
    found = outcomes(verify_receipt_files(Mine(receipt=str(story.kept["1-1"].proof)), world.trust()))
    assert {step for step, one in found.items() if one is PASS} == {"B4", "B5", "B6"}
    assert FAIL not in found.values()


def stamped(story, world, at):
    receipt = story.kept["1-1"]
    asked = request(stamp_digest(receipt.proof.checkpoint))
    return Receipt(receipt.proof, token_of(world.answer(asked, at), asked)).dumps()


def test_a_stamp_before_the_deadline_passes_and_a_later_one_bounds_nothing(mine, story, world):
    early = replace(mine, receipt=stamped(story, world, DEADLINE - (DEADLINE - NOON) / 2))
    assert outcomes(verify_receipt_files(early, world.trust()))["B7"] is PASS
    late = replace(mine, receipt=stamped(story, world, DEADLINE))  # its accuracy reaches a second further
    assert outcomes(verify_receipt_files(late, world.trust()))["B7"] is SKIP


def test_a_promise_is_no_proof(mine, story, world):
    entry = next(one for one in story.stream(world.bidders[1]) if one.kind == "bid.submitted")
    word = replace(mine, receipt=promise(entry, signer=SIGNER, at=NOON).dumps())
    found = outcomes(verify_receipt_files(word, world.trust()))
    assert (found["B3"], found["B4"], found["B5"], found["B6"]) == (PASS, SKIP, PASS, SKIP)


def test_another_bidders_receipt_is_not_mine(mine, story, world):
    other = replace(mine, receipt=str(story.kept["2-1"].proof))
    assert failed(verify_receipt_files(other, world.trust())) == ["B3"]


def test_another_key_is_not_mine(mine, world):
    other = replace(mine, identity=world.bidders[2].sealed.bidder_identity)
    assert failed(verify_receipt_files(other, world.trust())) == ["B8"]


@pytest.mark.parametrize(
    ("name", "step"), [("sheet.age", "B1"), ("statement.p7s", "B2"), ("share-2.age", "B1")]
)
def test_a_flipped_byte_in_her_own_files_is_found(mine, world, tmp_path, name, step):
    folder = shutil.copytree(mine.folder, tmp_path / "mine")
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)
    assert step in failed(verify_receipt_files(replace(mine, folder=folder), world.trust()))


def test_a_forged_path_fails_and_a_forged_entry_too(mine, story, world):
    proof = story.kept["1-1"].proof
    forged = replace(mine, receipt=str(replace(proof, path=(bytes(32), *proof.path[1:]))))
    assert failed(verify_receipt_files(forged, world.trust())) == ["B4"]
    other = proof.extra[:BLIND_SIZE] + proof.extra[BLIND_SIZE:].replace(b"org-1", b"org-2")
    forged = replace(mine, receipt=str(replace(proof, extra=other)))
    assert "B4" in failed(verify_receipt_files(forged, world.trust()))


def test_a_receipt_that_too_few_witnesses_saw_fails(mine, story, world):
    proof = story.kept["1-1"].proof
    note = replace(proof.note, signatures=proof.note.signatures[:2])
    fewer = replace(mine, receipt=str(replace(proof, note=note)))
    assert failed(verify_receipt_files(fewer, world.trust())) == ["B6"]
    assert outcomes(verify_receipt_files(fewer, world.trust(quorum=0)))["B6"] is SKIP


def test_a_round_that_she_replaced_is_told_as_replaced(story, world, public):
    first = world.bidders[0].bids[0]
    mine = Mine(receipt=str(story.kept["0-1"].proof), folder=first.folder)
    found = {one.step: one for one in verify_receipt_files(mine, world.trust(), bundle=public)}
    assert found["B10"].outcome is PASS
    assert "replaced" in found["B10"].words[0]
    assert found["B11"].outcome is SKIP


def test_a_bid_dropped_from_the_bundle_is_missed(mine, world, public, tmp_path):
    bundle = shutil.copytree(public, tmp_path / "bad")
    (bundle / "streams/bidder/org-1.jsonl").unlink()
    assert "B10" in failed(verify_receipt_files(mine, world.trust(), bundle=bundle))


@pytest.mark.parametrize("receipt", ["", "{}", "c2sp.org/tlog-proof@v1\nextra !", "\x00" * 50])
def test_what_is_no_receipt_fails_and_never_raises(receipt, world):
    findings = verify_receipt_files(Mine(receipt=receipt), world.trust())
    assert len(findings) == len(BIDDER_STEPS)
    assert "B4" in failed(findings)


def test_the_command_verifies_a_receipt_with_the_files_and_the_bundle(mine, world, public, tmp_path, capsys):
    world.trust().dump(tmp_path / "trust.json")
    (tmp_path / "r.tlog-proof").write_text(mine.receipt)
    (tmp_path / "B.txt").write_text(mine.identity + "\n")
    words = [
        str(public), "--trust", str(tmp_path / "trust.json"), "--receipt", str(tmp_path / "r.tlog-proof"),
        "--mine", str(mine.folder), "--key", str(tmp_path / "B.txt"), "--lang", "en",
    ]  # fmt: skip
    assert main(words) == 0
    told = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert told == [*(f"B{number}" for number in range(1, 12)), "T", *(f"S{number}" for number in range(12))]


@pytest.mark.parametrize("words", [[], ["--receipt", "nowhere"], ["nowhere", "--trust", "nowhere"]])
def test_a_wrong_command_is_told_apart_from_a_failed_verification(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    assert capsys.readouterr().err
