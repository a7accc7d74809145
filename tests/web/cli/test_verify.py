"""`qifeng verify`: an honest archive passes, a spoiled one fails at a named step and by the exit code."""

import shutil

import pytest

from crypto.verify.writing import SUPERVISION, zipped
from tests.crypto.verify.story import Story
from tests.crypto.verify.world import World
from tests.web.cli.platform import Platform


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    home = tmp_path_factory.mktemp("archive")
    world = World(tmp_path_factory.mktemp("world"))
    Story(world).tell().write(home / "bundle", edition=SUPERVISION)
    world.trust().dump(home / "trust.json")
    (home / "bundle.zip").write_bytes(b"".join(zipped(home / "bundle")))
    return Platform(home, 1)


@pytest.mark.parametrize("path", ["bundle", "bundle.zip"])
def test_an_honest_archive_passes_every_step(archive, path):
    told = archive.json("verify", path, "--trust", "trust.json", cert=None)
    assert (told["ok"], told["failed"], told["skipped"]) == (True, [], [])


def test_without_a_trust_file_it_is_said_that_the_archive_only_agrees_with_itself(archive):
    done = archive.run("verify", "bundle", cert=None)
    assert done.returncode == 0
    assert "not checked: T" in done.stdout


def test_a_flipped_byte_leaves_with_not_verified_and_names_the_step(archive, tmp_path):
    shutil.copytree(archive.home / "bundle", tmp_path / "bundle")
    path = next((tmp_path / "bundle" / "bids").rglob("docs.age"))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    told = archive.json("verify", tmp_path / "bundle", "--trust", "trust.json", cert=None, code=5)
    assert {"S0", "S4"} <= set(told["failed"])


def test_every_known_lie_about_it_is_found_out(archive):
    told = archive.json("verify", "bundle", "--trust", "trust.json", "--known-bad", cert=None)
    assert told["missed"] == []
    assert len(told["lies"]) >= 10


def test_what_is_no_archive_fails_and_is_no_traceback(archive):
    done = archive.run("verify", "trust.json", "--trust", "trust.json", cert=None)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert archive.run("verify", "bundle", "--trust", "bundle.zip", cert=None).returncode == 5
