"""Telling what a file is by its first bytes, whatever its name says. Pure; safe in the server too."""

from pathlib import PurePath

HEAD = 4096  # bytes that decide
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_PDF_WITHIN = 1024  # readers look for the header this far
_EXPECTED = {
    ".pdf": {"pdf"}, ".zip": {"zip"}, ".docx": {"docx"}, ".xlsx": {"xlsx"}, ".png": {"png"},
    ".jpg": {"jpeg"}, ".jpeg": {"jpeg"}, ".xml": {"xml", "text"}, ".txt": {"text", "xml"}, ".csv": {"text"},
}  # fmt: skip


def kind_of(head: bytes) -> str:
    """pdf, zip, png, jpeg, xml, text or other, by the first `HEAD` bytes."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf"
    if _is_xml(head):
        return "xml"
    return "text" if head and _is_text(head) else "other"


def is_misnamed(name: str, kind: str) -> bool:
    """Whether the name promises another kind than the bytes are."""
    expected = _EXPECTED.get(PurePath(name).suffix.lower())
    return expected is not None and kind not in expected


def _is_xml(head: bytes) -> bool:
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return head.replace(b"\0", b"").lstrip().startswith((b"<?xml", b"<!DOCTYPE", b"<!--"))


def _is_text(head: bytes) -> bool:
    if b"\0" in head and not head.startswith(_BOMS[1:]):
        return False
    return any(_decodes(head, encoding) for encoding in ("utf-8", "gb18030", "utf-16"))


def _decodes(head: bytes, encoding: str) -> bool:
    if encoding == "utf-16" and not head.startswith(_BOMS[1:]):
        return False
    for cut in range(4):  # the last letter may be cut in two
        try:
            text = head[: len(head) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(ord(letter) < ord(" ") and letter not in "\t\r\n\f" for letter in text)
    return False
