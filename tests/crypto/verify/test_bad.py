"""Every known lie is found out at the step that is named for it, even where the index was re-signed."""

import shutil

import pytest

from crypto.verify import Outcome, failed, verify_bundle
from crypto.verify.bad import BAD, NotApplicable, flip, make_bad, reseal
from crypto.verify.bundle import Folder
from crypto.verify.case import Case
from crypto.verify.steps import STEPS
from tests.crypto.verify.ledger import SIGNER

ONLY_SUPERVISION = {"other-bidder-key", "swap-documents"}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
@pytest.mark.parametrize("edition", ["public", "supervision"])
def test_a_lie_fails_at_its_step(bad, edition, world, request, tmp_path):
    good = request.getfixturevalue(edition)
    if edition == "public" and bad.name in ONLY_SUPERVISION:
        with pytest.raises(NotApplicable):
            make_bad(good, tmp_path / "bad", bad)
        return
    folder = make_bad(good, tmp_path / "bad", bad, signer=SIGNER)
    broken = failed(verify_bundle(folder, world.trust()))
    assert bad.step in broken
    assert bad.step == "S0" or "S0" not in broken or bad.name in {"roll-back", "uncosigned"}


def test_without_the_platforms_key_the_index_tells_every_lie(public, world, tmp_path):
    for bad in BAD:
        if bad.name not in ONLY_SUPERVISION:
            folder = make_bad(public, tmp_path / bad.name, bad)
            assert {"S0", bad.step} <= set(failed(verify_bundle(folder, world.trust())))


FREE = ("trust.json", "certificates/", "log/checkpoints/", "bundle.")
"""Nothing rests on these alone: the trust file comes from outside, chains from the signatures themselves,
an unknown name under an older checkpoint counts as nobody's, and the index is written anew."""


@pytest.mark.parametrize("edition", ["public", "supervision"])
def test_one_flipped_byte_in_any_file_fails_the_index(edition, world, request, tmp_path):
    folder = copied(request.getfixturevalue(edition), tmp_path)
    whole = next(step for step in STEPS if step.code == "S0")
    survived = []
    for path in files(folder):
        good = path.read_bytes()
        for place in (0, len(good) // 2, -2):
            flip(path, place)
            if whole.run(Case(Folder(folder), world.trust())).outcome is not Outcome.FAIL:
                survived.append((path.name, place))
        path.write_bytes(good)
    assert survived == []


def test_a_resealed_flip_is_found_by_what_the_file_says(supervision, world, tmp_path):
    folder = copied(supervision, tmp_path)
    survived = []
    for path in files(folder):
        name, good = path.relative_to(folder).as_posix(), path.read_bytes()
        if name.startswith(FREE):
            continue
        flip(path, len(good) // 2)
        if name != "log/checkpoint":  # the index itself names it
            reseal(folder, SIGNER)
        if not failed(verify_bundle(folder, world.trust())):
            survived.append(name)
        path.write_bytes(good)
    assert survived == []


def test_a_missing_file_is_a_failure_and_never_an_exception(public, world, tmp_path):
    folder = copied(public, tmp_path)
    for path in files(folder):
        good = path.read_bytes()
        path.unlink()
        assert failed(verify_bundle(folder, world.trust())), path
        path.write_bytes(good)


def copied(bundle, tmp_path):
    return shutil.copytree(bundle, tmp_path / "bundle")


def files(folder):
    return sorted(one for one in folder.rglob("*") if one.is_file())
