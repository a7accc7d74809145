"""PDF (ISO 32000-1): pages, actions and streams, read by pypdf within caps; then pdfium opens it."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
)

from web.inspection.judgement import Notes, TooMuch
from web.inspection.streams import unpacked

Tell = Callable[[Notes], None]
_LONGEST_STREAM = 512 << 20  # bytes of one stream as it lies in the file
_KEYS = {"/JS": "pdf-javascript", "/EF": "pdf-embedded-file", "/XFA": "pdf-xfa", "/RichMedia": "pdf-media"}
_KINDS = {
    "/JavaScript": "pdf-javascript",
    "/Launch": "pdf-launch",
    "/SubmitForm": "pdf-submits",
    "/ImportData": "pdf-imports",
    "/EmbeddedFile": "pdf-embedded-file",
    "/RichMedia": "pdf-media",
}
_NESTED = 100_000  # direct objects inside one object


def inspect_pdf(path: Path, notes: Notes, tell: Tell) -> None:
    """Read *path* in steps, telling after each what is known, since the next may be the child's last."""
    try:
        with path.open("rb") as src, apply_configuration(maximum_declared_stream_length=_LONGEST_STREAM):
            _read(PdfReader(src), notes, tell)
    except TooMuch as stop:
        return notes.find(stop.code)
    except LimitReachedError:
        return notes.find("pdf-over-limit")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- whatever a parser says about a stranger's file is a finding
        notes.find("pdf-damaged")
    tell(notes)
    _open_with_pdfium(path, notes)
    return None


def _read(reader: PdfReader, notes: Notes, tell: Tell) -> None:
    if reader.is_encrypted:
        notes.find("pdf-encrypted")
        if not reader.decrypt(""):
            return
    notes.facts["pages"] = _pages(reader, notes)
    tell(notes)
    _objects(reader, notes)


def _pages(reader: PdfReader, notes: Notes) -> int:
    """Walk the page tree without recursion. Raises TooMuch for a loop and for too many pages."""
    root = DictionaryObject.raw_get(reader.root_object, "/Pages")
    waiting, seen, pages = [root], set(), 0
    _refuse_promise(root.get_object(), notes)
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                raise TooMuch("pdf-page-loop")
            seen.add(found.idnum)
        kids = _kids(found.get_object())
        pages += not kids
        waiting += kids or ()
        if max(pages, len(waiting)) > notes.limits.pages:
            raise TooMuch("pdf-too-many-pages")
    return pages


def _refuse_promise(root: object, notes: Notes) -> None:
    count = root.get("/Count") if isinstance(root, DictionaryObject) else None
    if isinstance(count, NumberObject) and count > notes.limits.pages:
        notes.facts["pages"] = min(int(count), 2**31)
        raise TooMuch("pdf-too-many-pages")


def _kids(node: object) -> list[IndirectObject] | None:
    kids = node.get("/Kids") if isinstance(node, DictionaryObject) else None
    found = kids.get_object() if kids is not None else None
    return list(found) if isinstance(found, ArrayObject) else None


def _objects(reader: PdfReader, notes: Notes) -> None:
    """Look at every object of the file: first its actions, then what its stream unpacks to."""
    _look(reader.trailer, notes)
    for reference in _references(reader):
        if notes.count("objects") > notes.limits.objects:
            raise TooMuch("pdf-too-many-objects")
        try:
            _object(reader, reference, notes)
        except (PyPdfError, zlib.error, ValueError, TypeError, KeyError, AttributeError, AssertionError) as e:
            notes.find("pdf-over-limit" if isinstance(e, LimitReachedError) else "pdf-damaged")


def _references(reader: PdfReader) -> Iterator[IndirectObject]:
    for generation, places in list(reader.xref.items()):
        for number in list(places):
            if number and not reader.xref_free_entry.get(generation, {}).get(number):
                yield IndirectObject(number, generation, reader)
    for number in list(reader.xref_objStm):
        yield IndirectObject(number, 0, reader)


def _object(reader: PdfReader, reference: IndirectObject, notes: Notes) -> None:
    found = reader.get_object(reference)
    _look(found, notes)
    if isinstance(found, StreamObject):
        _measure(found, notes)
        # The reader keeps every object it read: a stream's bytes would pile up.
        reader.resolved_objects.pop((reference.generation, reference.idnum), None)


def _look(found: object, notes: Notes) -> None:
    waiting, looked = [found], 0
    while waiting and looked < _NESTED:
        looked += 1
        one = waiting.pop()
        if isinstance(one, DictionaryObject):
            _name_actions(one, notes)
            waiting += dict.values(one)
        elif isinstance(one, ArrayObject):
            waiting += list.__iter__(one)


def _name_actions(one: DictionaryObject, notes: Notes) -> None:
    for key in one.keys() & _KEYS.keys():
        notes.find(_KEYS[key])
    for key in ("/S", "/Type", "/Subtype"):
        kind = dict.get(one, key)
        if isinstance(kind, NameObject) and kind in _KINDS:
            notes.find(_KINDS[kind])


def _measure(stream: StreamObject, notes: Notes) -> None:
    raw = StreamObject.get_data(stream)  # as it lies in the file
    notes.count("streams")
    notes.count("packed", len(raw))
    if stream.get("/Subtype") == "/Image":
        _count_pixels(stream, notes)
    for _ in unpacked(raw, stream, notes):
        pass


def _count_pixels(stream: StreamObject, notes: Notes) -> None:
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if isinstance(width, NumberObject) and isinstance(height, NumberObject):
        pixels = int(width) * int(height)
        notes.facts["pixels"] = max(notes.facts.get("pixels", 0), min(pixels, 2**62))
        if pixels > notes.limits.pixels:
            notes.find("pdf-image-too-large")


def _open_with_pdfium(path: Path, notes: Notes) -> None:
    """The reader that people use must open it and find the same pages. It aborts the process at will."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as pdf:  # type: ignore[no-untyped-call]
            pages = len(pdf)
            pdf[0].close()
    except (pypdfium2.PdfiumError, IndexError):
        if "pdf-encrypted" not in notes.findings:
            notes.find("pdf-unreadable")
        return
    if notes.facts.setdefault("pages", pages) != pages:
        notes.find("pdf-pages-differ")
