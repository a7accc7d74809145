"""What shows only after the keys were released."""

import hashlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import jcs
from crypto.age import decrypt, encrypt, generate_identity, recipient_of
from crypto.cms import sign_detached
from crypto.envelope import open_docs, open_sheet, tar
from crypto.envelope.manifest import FileFact, Manifest
from crypto.envelope.seal import sheet_plaintext
from crypto.errors import CryptoError, ManifestMismatch, SealBroken, SignatureInvalid
from tests.crypto.envelope.conftest import BIDDER, RIVAL, SHEET, context

IDENTITY = generate_identity()
STEP = 1 << 20


def seal(plaintext):
    return io.BytesIO(encrypt(plaintext, recipients=[recipient_of(IDENTITY)]))


def fact(name, raw):
    return FileFact(name, len(raw), hashlib.sha256(raw).hexdigest())


def archive(files, *, signer=BIDDER, bound=None, facts=None, ending=None):
    """An archive as a bidder with a program of her own could seal it."""
    manifest = Manifest(bound or context().of("docs"), facts or tuple(fact(*one) for one in files.items()))
    raw = manifest.raw()
    entries = {"manifest.json": raw, "manifest.p7s": sign_detached(raw, signer.certificate, signer.key)}
    entries |= {f"files/{name}": content for name, content in files.items()}
    out = b"".join(tar.entry(n, len(c)) + c + tar.padding(len(c)) for n, c in entries.items())
    return out + (bytes(tar.ending(len(out), step=STEP)) if ending is None else ending)


def unpack(plaintext, tmp_path, bound=None):
    return open_docs(seal(plaintext), IDENTITY, bound or context(), tmp_path / "dest")


FILES = {"a.pdf": b"%PDF" * 300, "b/c.txt": b"", "商务标.pdf": bytes(512)}


def test_an_honest_archive_opens(tmp_path):
    manifest = unpack(archive(FILES), tmp_path)
    assert [one.name for one in manifest.files] == list(FILES)
    assert {name: (tmp_path / "dest" / name).read_bytes() for name in FILES} == FILES


def test_an_archive_of_another_submission_is_refused(tmp_path):
    other = context(tender_id="T-2026-0002").of("docs")
    with pytest.raises(ManifestMismatch, match="another submission"):
        unpack(archive(FILES, bound=other), tmp_path)
    assert not (tmp_path / "dest").exists()


def test_an_archive_signed_by_another_is_refused(tmp_path):
    with pytest.raises(SignatureInvalid):
        unpack(archive(FILES, signer=RIVAL), tmp_path)


def test_other_bytes_than_the_manifest_says_are_refused_and_not_left_behind(tmp_path):
    facts = (fact("a", b"good"), fact("b", b"promised"))
    with pytest.raises(ManifestMismatch, match="other bytes"):
        unpack(archive({"a": b"good", "b": b"replaced"}, facts=facts), tmp_path)
    assert [one.name for one in (tmp_path / "dest").iterdir()] == ["a"]


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a/../../evil", "a\\b", "C:evil", "..", ""])
def test_a_name_that_leaves_the_folder_is_refused(tmp_path, name):
    with pytest.raises(ManifestMismatch):
        unpack(archive({name: b"x"}), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_repeated_name_is_refused(tmp_path):
    with pytest.raises(ManifestMismatch):
        unpack(archive({"a": b"x"}, facts=(fact("a", b"x"), fact("a", b"x"))), tmp_path)


@pytest.mark.parametrize(
    "ending", [b"", bytes(512), bytes(STEP * 2), b"x" + bytes(1023), tar.entry("files/hidden", 0)]
)
def test_anything_after_the_last_file_but_the_one_ending_is_refused(tmp_path, ending):
    with pytest.raises(ManifestMismatch):
        unpack(archive(FILES, ending=ending), tmp_path)


def files_in(folder):
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


@given(st.data())
@settings(deadline=None)
def test_a_changed_byte_anywhere_in_an_archive_never_gives_other_files(tmp_path_factory, data):
    plain, home = bytearray(archive(FILES)), tmp_path_factory.mktemp("x")
    at = data.draw(st.integers(0, 9 * 512) | st.integers(0, len(plain) - 1))
    plain[at] ^= data.draw(st.integers(1, 255))
    try:
        unpack(bytes(plain), home)
    except CryptoError:
        return
    assert files_in(home / "dest") == FILES  # a field of the signature's wrapping that nobody relies on


def test_a_changed_byte_in_the_ciphertext_is_refused(tmp_path):
    sealed = bytearray(seal(archive(FILES)).getvalue())
    sealed[-20] ^= 1
    with pytest.raises(SealBroken):
        open_docs(io.BytesIO(sealed), IDENTITY, context(), tmp_path / "dest")


@pytest.mark.parametrize("plaintext", [b"", b"x", bytes(STEP), b"PK\x03\x04" + bytes(STEP)])
def test_what_is_no_archive_is_refused(tmp_path, plaintext):
    with pytest.raises(ManifestMismatch):
        unpack(plaintext, tmp_path)


def test_a_manifest_that_claims_gigabytes_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(ManifestMismatch, match="not where it must be"):
        unpack(tar.entry("manifest.json", 8**11 - 1) + bytes(1024), tmp_path)


def test_a_folder_that_is_there_is_not_unpacked_into(tmp_path):
    (tmp_path / "dest").mkdir()
    with pytest.raises(FileExistsError):
        unpack(archive(FILES), tmp_path)


def test_the_sheet_is_padded_and_reads_back():
    plain = sheet_plaintext(SHEET, context().of("sheet"))
    assert len(plain) == 4096
    assert open_sheet(seal(plain), IDENTITY, context()) == SHEET


@pytest.mark.parametrize(
    "plain",
    [
        sheet_plaintext(SHEET, context(lot="2").of("sheet")),
        sheet_plaintext(SHEET, context().of("docs")),
        sheet_plaintext(SHEET, context().of("sheet"))[:-1],
        jcs.canonical({"context": context().of("sheet").plain(), "sheet": []}).ljust(4096),
        b"{}".ljust(4096),
        b"",
        b" " * 4096,
        bytes(4096),
        b" " * (2 << 20),
    ],
)
def test_a_sheet_that_is_not_this_submissions_own_is_refused(plain):
    with pytest.raises(ManifestMismatch):
        open_sheet(seal(plain), IDENTITY, context())


def test_one_bind_stanza_gives_one_context():
    stanzas = {context(**change).of(name).stanza() for name in ("sheet", "docs") for change in CHANGES}
    assert len(stanzas) == 2 * len(CHANGES)


CHANGES = [
    {},
    {"tender_id": "T"},
    {"lot": "2"},
    {"stage": "price"},
    {"round": 2},
    {"nonce16": "0" * 32},
    {"notice_sha256": "0" * 64},
    {"bidder_cert_sha256": "0" * 64},
    {"deadline": context().deadline.replace(hour=2)},
]


@pytest.mark.parametrize("name", ["a", "x" * 94, "x" * 95, "文件" * 30, "x/" * 300 + "y"])
@pytest.mark.parametrize("size", [0, 1, 8**11 - 1, 8**11])
def test_an_entry_reads_as_its_name_and_size_by_pythons_own_tar(name, size):
    import tarfile

    raw = tar.entry(name, size) + bytes(1024)
    with tarfile.open(fileobj=io.BytesIO(raw)) as read:
        member = read.next()
    assert (member.name, member.size, member.mtime, member.uid, member.mode) == (name, size, 0, 0, 0o644)


def test_a_partly_decrypted_sheet_is_never_returned():
    sealed = bytearray(seal(sheet_plaintext(SHEET, context().of("sheet"))).getvalue())
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        open_sheet(io.BytesIO(sealed), IDENTITY, context())
    assert decrypt(seal(b"x").getvalue(), identities=[IDENTITY]) == b"x"
