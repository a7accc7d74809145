"""Files that strangers send: sound ones, and every bomb there is a name for, made anew and kept small."""

import functools
import io
import struct
import zipfile
import zlib

MIB = 1 << 20


def pdf(*objects, root=1, trailer=b""):
    """A PDF of *objects* (their bytes, numbered from 1) with a sound cross-reference table."""
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d /Root %d 0 R %b>>\n" % (len(places) + 1, root, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(raw, head=b""):
    return b"<</Length %d %b>>\nstream\n%b\nendstream" % (len(raw), head, raw)


def one_page(content, *, catalog=b"", more=()):
    """A PDF with one page whose content is the object *content*."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R %b>>" % catalog,
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        content,
        *more,
    )


def sound_pdf():
    return one_page(stream(zlib.compress(b"BT ET"), b"/Filter/FlateDecode"))


@functools.cache
def deflated(size):
    """*size* zeros, deflated without ever holding them."""
    engine = zlib.compressobj(9)
    packed = b"".join(engine.compress(bytes(MIB)) for _ in range(size // MIB))
    return packed + engine.flush()


def flate_bomb(size):
    return one_page(stream(deflated(size), b"/Filter/FlateDecode"))


def slow_pdf(size, count):
    """Many bombs in one file, each within its cap."""
    return one_page(stream(b""), more=[stream(deflated(size), b"/Filter/FlateDecode")] * count)


def double_flate_bomb(size):
    return one_page(stream(zlib.compress(deflated(size), 9), b"/Filter[/FlateDecode/FlateDecode]"))


def object_stream_bomb(size):
    """The bomb where the reader has to unpack it to find an object."""
    return one_page(stream(deflated(size), b"/Type/ObjStm/N 5/First 20/Filter/FlateDecode"))


def lzw_bomb():
    """LZW codes that repeat the longest entry of the table again and again."""
    codes = [256, 65, *range(258, 4094)] * 40
    return one_page(stream(_lzw(codes), b"/Filter/LZWDecode"))


def _lzw(codes):
    bits, width, table = [], 9, 258
    for code in codes:
        if code == 256:
            bits.append(format(code, f"0{width}b"))
            width, table = 9, 258
            continue
        bits.append(format(code, f"0{width}b"))
        table += 1
        width = 9 + (table >= 512) + (table >= 1024) + (table >= 2048)
    text = "".join(bits)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def page_loop():
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/Kids[3 0 R]>>",
        b"<</Type/Pages/Parent 2 0 R/Count 2/Kids[2 0 R]>>",
    )


def many_pages(count, *, said=None):
    pages = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%b]>>" % (said or count, pages),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count,
    )


def same_page_many_times(count):
    """Few bytes, many pages: one page object that is named again and again, each name inlined."""
    kids = b" ".join([b"<</Type/Page/MediaBox[0 0 9 9]>>"] * count)
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 3/Kids[%b]>>" % kids)


def zipped(files, *, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx():
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def many_entries(count):
    """A zip of *count* empty files, written by hand since zipfile takes its time."""
    name, out, directory = b"%06d", bytearray(), bytearray()
    for number in range(count):
        at = len(out)
        out += struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 6, 0) + name % number
        directory += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0, at
        ) + name % number  # fmt: skip
    said = min(count, 0xFFFF)
    ending = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, said, said, len(directory), len(out), 0)
    return bytes(out + directory + ending)


@functools.cache
def zip_bomb(size):
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("零.bin", "w", force_zip64=True) as entry,
    ):
        for _ in range(size // MIB):
            entry.write(bytes(MIB))
    return out.getvalue()


def lying_zip(size, *, said):
    """A zip whose directory says that its entry is small."""
    raw = bytearray(zip_bomb(size))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", said)
    return bytes(raw)


def overlapping_zip():
    """Two entries of the directory that are one in the file."""
    raw = zipped({"a": b"a" * 1000, "b": b"b" * 1000})
    first, second = raw.index(b"PK\x01\x02"), raw.rindex(b"PK\x01\x02")
    place = raw[first + 42 : first + 46]
    return raw[: second + 42] + place + raw[second + 46 :]


def nested_zip(depth):
    inside = b"end"
    for number in range(depth):
        inside = zipped({f"{number}.zip" if number else "end.txt": inside})
    return inside


def encrypted_zip():
    raw = bytearray(zipped({"a.txt": b"secret"}))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(magic) + at] |= 1
    return bytes(raw)


def png(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def jpeg(width, height):
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0"
    app0 = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    return b"\xff\xd8" + app0 + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>"""


def with_action(action):
    return one_page(stream(b""), catalog=b"/OpenAction 5 0 R", more=[action])


def chained(count):
    content = b"x"
    for _ in range(count):
        content = zlib.compress(content)
    return stream(content, b"/Filter[%b]" % (b"/FlateDecode" * count))


def image(width, height):
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1"
    return stream(b"\0", head % (width, height))


def encrypted_pdf():
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(sound_pdf()))), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def linking_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def flipped_zip():
    raw = bytearray(zipped({"a": b"a" * 100}, method=zipfile.ZIP_STORED))
    raw[50] ^= 1
    return bytes(raw)
