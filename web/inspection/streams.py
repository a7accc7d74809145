"""What a PDF stream unpacks to through all its filters, in small steps, so that no bomb is ever held."""

from collections.abc import Callable, Iterator, Mapping

from pypdf import apply_configuration
from pypdf.filters import ASCII85Decode, ASCIIHexDecode, LZWDecode, RunLengthDecode
from pypdf.generic import ArrayObject, NameObject, StreamObject

from web.inspection.inflating import counted, inflate, pieces
from web.inspection.judgement import Notes, TooMuch

_FLATE = {"/FlateDecode", "/Fl"}
_WHOLE: Mapping[str, Callable[[bytes], bytes]] = {
    "/ASCIIHexDecode": ASCIIHexDecode.decode, "/AHx": ASCIIHexDecode.decode,
    "/ASCII85Decode": ASCII85Decode.decode, "/A85": ASCII85Decode.decode,
    "/LZWDecode": LZWDecode.decode, "/LZW": LZWDecode.decode,
    "/RunLengthDecode": RunLengthDecode.decode, "/RL": RunLengthDecode.decode,
}  # fmt: skip
# What these make of their input is an image whose size the dictionary tells.
_IMAGES = {"/DCTDecode", "/DCT", "/JPXDecode", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode"}
_CHAIN = 8
_MOST_AT_ONCE = 32 << 20


def unpacked(raw: bytes, stream: StreamObject, notes: Notes) -> Iterator[bytes]:
    """The bytes of *stream*, whose packed bytes are *raw*; every step of a chain counts as unpacked.

    Raises TooMuch beyond a cap, zlib.error, what pypdf raises.
    """
    filters = _filters(stream)
    if len(filters) > _CHAIN:
        raise TooMuch("pdf-too-many-filters")
    chunks = pieces(raw)
    while filters and filters[0] in _WHOLE:
        raw = _whole(raw, filters.pop(0))
        chunks = counted(pieces(raw), notes, prefix="pdf")
    for name in filters:
        if name in _FLATE:
            chunks = counted(inflate(chunks), notes, prefix="pdf")
        elif name not in _IMAGES:
            notes.find("pdf-odd-filters")
            break
    return chunks


def _whole(raw: bytes, name: str) -> bytes:
    with apply_configuration(
        lzw_maximum_output_length=_MOST_AT_ONCE, run_length_maximum_output_length=_MOST_AT_ONCE
    ):
        return _WHOLE[name](raw)


def _filters(stream: StreamObject) -> list[str]:
    named = stream.get("/Filter")
    named = named.get_object() if named is not None else None
    if isinstance(named, NameObject):
        return [str(named)]
    return [str(one.get_object()) for one in named] if isinstance(named, ArrayObject) else []
