"""XML read by expat, nothing resolved: a document type or an entity ends the reading."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from web.inspection.judgement import Notes, TooMuch

_BATCH = 64 * 1024
_MOST = 10_000_000
# Pricing programs declare these, which expat does not know; one decoder reads all of them.
_CHINESE = re.compile(rb"""^<\?xml[^>]{0,100}encoding=["'](gb2312|gbk|gb18030)["']""", re.IGNORECASE)


def inspect_xml(src: BinaryIO, notes: Notes) -> None:
    """Whether *src* is well-formed, without document type and without entities of its own."""
    is_chinese = _CHINESE.match(src.read(_BATCH)) is not None
    src.seek(0)
    parser = expat.ParserCreate("utf-8" if is_chinese else None)
    parser.StartDoctypeDeclHandler = lambda *_: notes.find("xml-doctype")
    parser.EntityDeclHandler = _entity
    parser.StartElementHandler = lambda *_: _element(notes)
    try:
        for batch in _in_utf8(src) if is_chinese else iter(lambda: src.read(_BATCH), b""):
            parser.Parse(batch, False)
        parser.Parse(b"", True)
    except TooMuch as stop:
        notes.find(stop.code)
    except (expat.ExpatError, ValueError, LookupError):
        notes.find("xml-damaged")


def _in_utf8(src: BinaryIO) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("gb18030")()
    while batch := src.read(_BATCH):
        yield decoder.decode(batch).encode()
    yield decoder.decode(b"", final=True).encode()


def _entity(*_: object) -> None:
    raise TooMuch("xml-entity")


def _element(notes: Notes) -> None:
    if notes.count("elements") > _MOST:
        raise TooMuch("xml-too-many-elements")
