"""What sound files and bombs are found to be: every one ends as a named finding, or as none."""

import secrets

import pytest

from tests.web.inspection import bombs
from tests.web.inspection.bombs import MIB
from web.inspection.words import FINDINGS

SOUND = {
    "标书.pdf": (bombs.sound_pdf(), "pdf"),
    "说明.docx": (bombs.docx(), "docx"),
    "清单.zip": (bombs.zipped({"清单/一.txt": b"1"}), "zip"),
    "内含文档.zip": (bombs.zipped({"说明.docx": bombs.docx()}), "zip"),
    "照片.png": (bombs.png(4000, 3000), "png"),
    "照片.jpg": (bombs.jpeg(4000, 3000), "jpeg"),
    "报价.xml": ("<?xml version='1.0' encoding='GB2312'?><报价>一百万</报价>".encode("gb18030"), "xml"),
    "说明.txt": ("投标函".encode("gb18030"), "text"),
    "数据.bin": (bytes(range(256)), "other"),
}


@pytest.mark.parametrize("name", SOUND)
async def test_a_sound_file_is_known_for_what_it_is_and_nothing_is_found(judged, name):
    content, kind = SOUND[name]
    found = await judged(name, content)
    assert (found.kind, found.findings) == (kind, ())
    assert found.facts["size"] == len(content)


def _slipping(name):
    return bombs.zipped({name: b"x"})


BOMBS = {
    "flate.pdf": (lambda: bombs.flate_bomb(300 * MIB), "pdf-stream-too-large"),
    "double.pdf": (lambda: bombs.double_flate_bomb(300 * MIB), "pdf-stream-too-large"),
    "objects.pdf": (lambda: bombs.object_stream_bomb(300 * MIB), "pdf-stream-too-large"),
    "loop.pdf": (bombs.page_loop, "pdf-page-loop"),
    "many.pdf": (lambda: bombs.many_pages(20_000), "pdf-too-many-pages"),
    "promised.pdf": (lambda: bombs.many_pages(3, said=500_000), "pdf-too-many-pages"),
    "inline.pdf": (lambda: bombs.same_page_many_times(5000), "pdf-too-many-pages"),
    "filters.pdf": (lambda: bombs.one_page(bombs.chained(9)), "pdf-too-many-filters"),
    "pixels.pdf": (lambda: bombs.one_page(bombs.image(30_000, 30_000)), "pdf-image-too-large"),
    "script.pdf": (lambda: bombs.with_action(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"), "pdf-javascript"),
    "hidden.pdf": (lambda: bombs.with_action(b"<</S /J#61vaScript /J#53(x)>>"), "pdf-javascript"),
    "launch.pdf": (lambda: bombs.with_action(b"<</S/Launch/F(cmd.exe)>>"), "pdf-launch"),
    "locked.pdf": (bombs.encrypted_pdf, "pdf-encrypted"),
    "cut.pdf": (lambda: bombs.sound_pdf()[:200], "pdf-unreadable"),
    "random.pdf": (lambda: b"%PDF-1.7 " + secrets.token_bytes(5000), "pdf-unreadable"),
    "zeros.zip": (lambda: bombs.zip_bomb(300 * MIB), "zip-stream-too-large"),
    "entries.zip": (lambda: bombs.many_entries(100_000), "zip-too-many-entries"),
    "cap.zip": (lambda: bombs.many_entries(1001), "zip-too-many-entries"),
    "slip.zip": (lambda: _slipping("../../etc/cron.d/x"), "zip-slip"),
    "root.zip": (lambda: _slipping("/etc/passwd"), "zip-slip"),
    "windows.zip": (lambda: _slipping("..\\..\\x.exe"), "zip-slip"),
    "drive.zip": (lambda: _slipping("C:x.exe"), "zip-slip"),
    "link.zip": (bombs.linking_zip, "zip-link"),
    "lying.zip": (lambda: bombs.lying_zip(5 * MIB, said=10), "zip-size-differs"),
    "overlap.zip": (bombs.overlapping_zip, "zip-overlap"),
    "nested.zip": (lambda: bombs.nested_zip(2), "zip-nested"),
    "slow.pdf": (lambda: bombs.slow_pdf(50 * MIB, 3), "pdf-unpacks-too-large"),
    "deep.zip": (lambda: bombs.nested_zip(9), "zip-too-deep"),
    "inner.zip": (lambda: bombs.zipped({"a.zip": bombs.zipped({"a": secrets.token_bytes(2 * MIB)})}),
                  "zip-nested-unread"),
    "inside.zip": (lambda: bombs.zipped({"a.zip": bombs.zip_bomb(150 * MIB)}), "zip-stream-too-large"),
    "locked.zip": (bombs.encrypted_zip, "zip-encrypted"),
    "cut.zip": (lambda: bombs.zipped({"a": b"a" * 1000})[:60], "zip-damaged"),
    "flipped.zip": (bombs.flipped_zip, "zip-damaged"),
    "pixels.png": (lambda: bombs.png(30_000, 30_000), "image-too-large"),
    "cut.png": (lambda: bombs.png(10, 10)[:40], "image-damaged"),
    "pixels.jpg": (lambda: bombs.jpeg(30_000, 30_000), "image-too-large"),
    "cut.jpg": (lambda: bombs.jpeg(10, 10)[:25], "image-damaged"),
    "laughs.xml": (lambda: bombs.LAUGHS, "xml-entity"),
    "cut.xml": (lambda: b"<?xml version='1.0'?><a><b>", "xml-damaged"),
    "empty.pdf": (lambda: b"", "file-empty"),
    "program.pdf": (lambda: b"MZ" + bytes(100), "file-misnamed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
async def test_a_bomb_ends_as_a_finding_with_a_name(judged, name):
    make, code = BOMBS[name]
    found = await judged(name, make())
    assert code in found.findings
    assert not any(one.startswith("file-unsafe") for one in found.findings)
    assert all(one in FINDINGS for one in found.findings)


async def test_what_a_zip_declares_and_what_it_holds_are_both_told(judged):
    found = await judged("a.zip", bombs.lying_zip(5 * MIB, said=10))
    assert (found.facts["declared"], found.facts["unpacked"]) == (10, 5 * MIB)


async def test_a_zip_at_its_cap_of_entries_passes(judged):
    found = await judged("a.zip", bombs.many_entries(1000))
    assert (found.findings, found.facts["entries"]) == ((), 1000)


async def test_every_entry_adds_to_one_sum_also_those_of_inner_archives(judged):
    inner = bombs.zipped({"a": bytes(60 * MIB)})
    found = await judged("a.zip", bombs.zipped({"1.zip": inner, "2.zip": inner}))
    assert "zip-unpacks-too-large" in found.findings


async def test_pages_are_counted_and_agree_between_two_readers(judged):
    found = await judged("a.pdf", bombs.many_pages(12))
    assert (found.findings, found.facts["pages"]) == ((), 12)


async def test_a_pdf_at_its_cap_of_pages_passes_and_one_page_more_does_not(judged):
    assert (await judged("a.pdf", bombs.many_pages(1000))).findings == ()
    assert (await judged("b.pdf", bombs.many_pages(1001))).findings == ("pdf-too-many-pages",)


NAMES = [
    "技术标（正本）.txt", "مناقصة.txt", "предложение.txt", "入札書ファイル.txt", "제안서.txt", "प्रस्ताव.txt",
    "ข้อเสนอ.txt", "😀.txt", "𠮷野.txt", "-rf.txt", "$(reboot).txt", "'; drop table.txt", "a b\u00a0c.txt",
    "e\u0301.txt", "字" * 80, ".txt", "pypdf.py",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_in_any_script_is_only_a_name(judged, name):
    found = await judged(name, b"1")
    assert (found.kind, found.findings) == ("text", ())
