import shutil
import subprocess
import tarfile
from dataclasses import replace

import pytest

from crypto.age import generate_identity, recipient_of
from crypto.cms import verify_detached
from crypto.envelope import Folder, accept, open_docs, open_key, open_sheet, peel
from crypto.envelope.archive import ArchiveSource
from crypto.errors import (
    KeyMalformed,
    NoIdentityMatched,
    NotCanonical,
    SealBroken,
    SignatureInvalid,
    SourceUnsealable,
    StatementInvalid,
)
from tests.crypto.envelope.conftest import BIDDER, LAYERS, RIVAL, SHEET, context, expected

AGE = shutil.which("age")


def released(sealed, name):
    key = (sealed.folder / f"key-{name}.age").read_bytes()
    pinned = sealed.statement.object(name).recipient
    return open_key(key, LAYERS, sealed.bidder_identity, expected_recipient=pinned)


def open_all(sealed, dest):
    with (sealed.folder / "docs.age").open("rb") as src:
        return open_docs(src, released(sealed, "docs"), sealed.statement.context, dest)


def test_what_was_sealed_is_accepted_and_opens_to_the_same_bytes(desk, sealed, tmp_path):
    accepted = accept(Folder(sealed.folder), expected())
    assert accepted.statement_sha256 == sealed.statement_sha256
    assert accepted.has_fallback
    with (sealed.folder / "sheet.age").open("rb") as src:
        assert open_sheet(src, released(sealed, "sheet"), sealed.statement.context) == SHEET
    manifest = open_all(sealed, tmp_path / "opened")
    for fact in manifest.files:
        assert (tmp_path / "opened" / fact.name).read_bytes() == desk.docs[fact.name].read_bytes()
    assert [fact.name for fact in manifest.files] == sorted(desk.docs)


def test_the_statement_is_signed_by_the_bidder(sealed):
    raw = (sealed.folder / "statement.json").read_bytes()
    signer = verify_detached(raw, (sealed.folder / "statement.p7s").read_bytes())
    assert signer.certificate == BIDDER.certificate


def test_the_sizes_tell_no_more_than_whole_steps(desk, tmp_path):
    sizes = set()
    for length in (0, 1, 100_000, 900_000):
        (tmp_path / "doc").write_bytes(bytes(length))
        sealed = desk.seal(f"bid-{length}", docs={"doc": tmp_path / "doc"}, sheet={"price_fen": length})
        sizes.add(tuple(sealed.statement.object(name).size for name in ("sheet", "docs")))
    assert len(sizes) == 1


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_every_layer_is_needed(sealed, missing):
    key = (sealed.folder / "key-docs.age").read_bytes()
    keys = [*LAYERS, sealed.bidder_identity]
    keys[missing] = generate_identity()
    with pytest.raises(NoIdentityMatched):
        open_key(key, keys[:2], keys[2])


def test_the_layers_come_off_in_the_order_of_the_notice_only(sealed):
    key = (sealed.folder / "key-docs.age").read_bytes()
    with pytest.raises(NoIdentityMatched):
        peel(key, LAYERS[1])
    with pytest.raises(NoIdentityMatched):
        peel(peel(key, LAYERS[0]), sealed.bidder_identity)


def test_a_key_that_is_not_the_pinned_one_is_noticed(sealed):
    key = (sealed.folder / "key-docs.age").read_bytes()
    other = sealed.statement.object("sheet").recipient
    with pytest.raises(SealBroken):
        open_key(key, LAYERS, sealed.bidder_identity, expected_recipient=other)


def test_a_folder_that_is_there_is_never_overwritten(desk, sealed):
    before = (sealed.folder / "docs.age").read_bytes()
    with pytest.raises(FileExistsError):
        desk.seal()
    assert (sealed.folder / "docs.age").read_bytes() == before


def test_a_killed_run_is_started_over_with_fresh_keys(desk):
    class Killed(BaseException):
        pass

    def kill(name, _done, _of):
        if name == "docs":
            raise Killed

    with pytest.raises(Killed):
        desk.seal(on_progress=kill)
    assert not (desk.home / "submission").exists()
    first = (desk.home / "submission.part" / "sheet.age").read_bytes()
    again = desk.seal()
    assert not (desk.home / "submission.part").exists()
    assert (again.folder / "sheet.age").read_bytes() != first
    assert accept(Folder(again.folder), expected())


def test_two_sealings_of_one_bid_share_no_key(desk):
    one, two = desk.seal("one"), desk.seal("two")
    weeds = [set(accept(Folder(bid.folder), expected()).weeds) for bid in (one, two)]
    assert not weeds[0] & weeds[1]


def test_progress_is_told_for_each_object_up_to_its_end(desk):
    heard = {}
    desk.seal(on_progress=lambda name, done, of: heard.update({name: (done, of)}))
    assert set(heard) == {"sheet", "docs"}
    assert all(done == of for done, of in heard.values())


@pytest.mark.parametrize(
    "name", ["../x", "/x", "a//b", "a/../b", "./a", "C:x", "a\\b", "a\nb", "", "a.", " a"]
)
def test_a_name_that_could_leave_its_folder_is_not_sealed(desk, name):
    with pytest.raises(SourceUnsealable):
        desk.seal(docs={name: desk.docs["price.pdf"]})


def test_names_that_collide_on_some_file_systems_are_not_sealed(desk):
    path = desk.docs["price.pdf"]
    for docs in ({"A": path, "a": path}, {"a": path, "a/b": path}, {"e\u0301": path}):
        with pytest.raises(SourceUnsealable):
            desk.seal(docs=docs)


def test_a_missing_file_or_a_folder_is_not_sealed(desk, tmp_path):
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(SourceUnsealable):
            desk.seal(docs={"a": path})


def drain(source):
    buffer = memoryview(bytearray(1 << 20))
    while source.readinto(buffer):
        pass


def test_a_file_that_changes_meanwhile_is_not_sealed(desk):
    source = ArchiveSource(desk.docs, context().of("docs"), lambda _raw: b"")
    desk.docs["空.txt"].write_bytes(b"longer now")
    with pytest.raises(SourceUnsealable, match="changed"):
        drain(source)


def test_a_signer_who_is_not_the_bidder_seals_nothing(desk):
    with pytest.raises(SignatureInvalid):
        desk.seal(signer=RIVAL)
    assert not (desk.home / "submission").exists()


def test_a_price_that_is_a_float_seals_nothing(desk):
    with pytest.raises(NotCanonical):
        desk.seal(sheet={"price": 1.5})


@pytest.mark.parametrize("change", [{"consent": None}, {"layers": ()}, {"previous": "a1" * 32}])
def test_a_job_that_the_platform_would_refuse_seals_nothing(desk, change):
    with pytest.raises(StatementInvalid, match="ill-formed"):
        desk.seal(**change)


def test_a_layer_that_is_no_recipient_seals_nothing(desk):
    with pytest.raises(KeyMalformed):
        desk.seal(layers=("age1nobody",))


def test_without_a_committee_there_is_no_fallback(desk):
    sealed = desk.seal(committee=None)
    accepted = accept(Folder(sealed.folder), replace(expected(), committee=None))
    assert not accepted.has_fallback
    assert not list(sealed.folder.glob("share-*"))


@pytest.mark.skipif(AGE is None, reason="Debian's age is not installed")
def test_debians_age_and_tar_open_a_released_bid_by_hand(desk, sealed, tmp_path):
    for name, identity in zip(("L1", "L2", "B"), (*LAYERS, sealed.bidder_identity), strict=True):
        (tmp_path / f"{name}.txt").write_text(identity + "\n")
    script = (
        "age -d -i L1.txt submission/key-docs.age | age -d -i L2.txt | age -d -i B.txt > S.txt"
        " && age -d -i S.txt submission/docs.age > docs.tar"
    )
    subprocess.run(["bash", "-o", "pipefail", "-c", script], cwd=tmp_path, check=True, timeout=60)
    assert recipient_of((tmp_path / "S.txt").read_text().strip()) == sealed.statement.object("docs").recipient
    with tarfile.open(tmp_path / "docs.tar") as tar:
        names = tar.getnames()
        tar.extractall(tmp_path / "by-hand", filter="data")
    assert names == ["manifest.json", "manifest.p7s", *(f"files/{name}" for name in sorted(desk.docs))]
    for name, path in desk.docs.items():
        assert (tmp_path / "by-hand" / "files" / name).read_bytes() == path.read_bytes()
