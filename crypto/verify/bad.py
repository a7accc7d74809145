"""Known-bad bundles: one lie each, told about a good bundle, and the step that must find it out.

Without a key the index no longer fits and S0 says so; whoever has the platform's own log key re-signs
the index (`signer`), and then the named step alone stands between the lie and the reader.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crypto import jcs
from crypto.age import generate_identity
from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.commitments import commitment
from crypto.merkle import leaf_hash
from crypto.notes import Note, NoteSigner, parse_note
from crypto.proofs import LogProof, parse_proof
from crypto.verify.bundle import INDEX
from crypto.verify.writing import close_bundle

PUBLIC = "streams/public.jsonl"
_ONE_DAY_LATER = "9999-12-31T00:00:00.000000Z"


class NotApplicable(LookupError):
    """The bundle at hand has nothing that this lie could be told about."""


@dataclass(frozen=True)
class Bad:
    """One lie: its name, the step that must fail, what it says, and how it is told in a folder."""

    name: str
    step: str
    zh: str
    en: str
    spoil: Callable[[Path], None]


def make_bad(good: Path, dest: Path, bad: Bad, *, signer: NoteSigner | None = None) -> Path:
    """A copy of the folder *good* in the new folder *dest*, spoiled by *bad*; re-signed with *signer*.

    Raises NotApplicable where the lie cannot be told about this bundle.
    """
    shutil.copytree(good, dest)
    bad.spoil(dest)
    if signer is not None and bad.step != "S0":
        reseal(dest, signer)
    return dest


def reseal(folder: Path, signer: NoteSigner) -> None:
    """Write index and note anew over the files as they are now."""
    index = jcs.parse((folder / INDEX).read_bytes())
    close_bundle(folder, edition=index["edition"], tender_id=index["tender_id"], signer=signer)


def flip(path: Path, place: int, bit: int = 0) -> None:
    """Flip one bit of the byte at *place* (from the end where it is negative)."""
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1 << bit
    path.write_bytes(raw)


# -- what the lies are told about


def _first(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise NotApplicable(pattern)
    return found[0]


def _two(folder: Path, pattern: str) -> tuple[Path, Path]:
    found = sorted(folder.glob(pattern))
    if len(found) < 2:  # noqa: PLR2004 -- a swap needs two
        raise NotApplicable(pattern)
    return found[0], found[1]


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _kind(line: bytes) -> str:
    value = jcs.parse(line.strip())
    return str(jcs.parse(value["text"].encode())["kind"]) if "text" in value else ""


def _place(lines: list[bytes], kind: str, *, last: bool = False) -> int:
    places = [place for place, line in enumerate(lines) if _kind(line) == kind]
    if not places:
        raise NotApplicable(kind)
    return places[-1 if last else 0]


def _retold(line: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """The line with its entry changed; blind and place stay."""
    value = jcs.parse(line.strip())
    entry = jcs.parse(value["text"].encode())
    change(entry)
    return jcs.canonical(value | {"text": jcs.canonical(entry).decode()}) + b"\n"


def _retell(path: Path, kind: str, change: Callable[[dict[str, Any]], None], *, last: bool = False) -> None:
    lines = _lines(path)
    place = _place(lines, kind, last=last)
    lines[place] = _retold(lines[place], change)
    path.write_bytes(b"".join(lines))


def _bidder_with(folder: Path, kind: str) -> Path:
    for path in sorted(folder.glob("streams/bidder/*.jsonl")):
        if any(_kind(line) == kind for line in _lines(path)):
            return path
    raise NotApplicable(kind)


# -- the lies


def _one_bit(folder: Path) -> None:
    flip(_first(folder, "bids/*/sheet.age"), -1)


def _extra_file(folder: Path) -> None:
    (folder / "bids/readme.txt").write_text("nothing to see here\n", encoding="utf-8")


def _missing_file(folder: Path) -> None:
    _first(folder, "bids/*/sheet.age").unlink()


def _drop_bid(folder: Path) -> None:
    stream = _bidder_with(folder, "bid.submitted")
    for line in _lines(stream):
        if _kind(line) == "bid.submitted":
            bid_id = jcs.parse(jcs.parse(line.strip())["text"].encode())["body"]["bid_id"]
            shutil.rmtree(folder / "bids" / bid_id, ignore_errors=True)
    stream.unlink()


def _add_bid(folder: Path) -> None:
    stream = _bidder_with(folder, "bid.submitted")
    copy, name = stream.with_name("org-added.jsonl"), stream.stem

    def renamed(entry: dict[str, Any]) -> None:
        entry["stream"] = entry["stream"].replace(name, "org-added")
        entry["body"] |= {"bidder_id": "org-added"}

    lines = [_retold(line, renamed) for line in _lines(stream) if _kind(line)]
    copy.write_bytes(b"".join(lines))


def _hide_bid(folder: Path) -> None:
    stream = _bidder_with(folder, "bid.submitted")
    lines = _lines(stream)
    place = _place(lines, "bid.submitted", last=True)
    value = jcs.parse(lines[place].strip())
    sealed = commitment(bytes.fromhex(value["blind"]), value["text"])
    closed = {"seq": value["seq"], "index": value["index"], "commitment": sealed.hex()}
    lines[place] = jcs.canonical(closed) + b"\n"
    stream.write_bytes(b"".join(lines))


def _reorder(folder: Path) -> None:
    lines = _lines(folder / PUBLIC)
    lines[0], lines[1] = lines[1], lines[0]
    (folder / PUBLIC).write_bytes(b"".join(lines))


def _drop_entry(folder: Path) -> None:
    lines = _lines(folder / PUBLIC)
    del lines[_place(lines, "bid.announced")]
    (folder / PUBLIC).write_bytes(b"".join(lines))


def _roll_back(folder: Path) -> None:
    heads = sorted((folder / "log/checkpoints").iterdir(), key=lambda path: int(path.name))
    shutil.copy(heads[0], folder / "log/checkpoint")


def _uncosigned(folder: Path) -> None:
    path = folder / "log/checkpoint"
    note = parse_note(path.read_bytes())
    origin = parse_checkpoint(note.text).origin
    own = tuple(one for one in note.signatures if one.name == origin)
    path.write_text(str(Note(note.text, own)), encoding="utf-8")


def _other_leaf(folder: Path) -> None:
    flip(_first(folder, "log/tile/entries/**/*[0-9]"), -1)


def _other_terms(folder: Path) -> None:
    def cheaper(entry: dict[str, Any]) -> None:
        entry["body"]["terms"]["title"] += "(改)"

    _retell(folder / PUBLIC, "notice.published", cheaper)


def _late_bid(folder: Path) -> None:
    _retell(
        _bidder_with(folder, "bid.submitted"), "bid.submitted", lambda entry: entry.update(at=_ONE_DAY_LATER),
        last=True,
    )  # fmt: skip


def _swap_sheets(folder: Path) -> None:
    one, two = _two(folder, "bids/*/sheet.age")
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def _foreign_signature(folder: Path) -> None:
    one, two = _two(folder, "bids/*/statement.p7s")
    shutil.copy(two, one)


def _no_lists(folder: Path) -> None:
    _first(folder, "crls/*")
    shutil.rmtree(folder / "crls")


def _early_layer(folder: Path) -> None:
    lines = _lines(folder / PUBLIC)
    layer = lines.pop(_place(lines, "key.layer-released"))
    lines.insert(_place(lines, "key.bidder-released"), layer)
    told = [(line, jcs.parse(line.strip())) for line in lines]
    moved = [_renumbered(line, value, seq) for seq, (line, value) in enumerate(told, start=1)]
    (folder / PUBLIC).write_bytes(b"".join(moved))


def _renumbered(line: bytes, value: dict[str, Any], seq: int) -> bytes:
    line = _retold(line, lambda entry: entry.update(seq=seq))
    return jcs.canonical(jcs.parse(line.strip()) | {"seq": seq, "index": value["index"]}) + b"\n"


def _other_layer_key(folder: Path) -> None:
    def other(entry: dict[str, Any]) -> None:
        entry["body"]["identity"] = generate_identity()

    _retell(folder / PUBLIC, "key.layer-released", other)


def _other_sheet_key(folder: Path) -> None:
    def other(entry: dict[str, Any]) -> None:
        entry["body"]["identity"] = generate_identity()

    _retell(folder / PUBLIC, "key.sheet-published", other)


def _other_record(folder: Path) -> None:
    path = _first(folder, "records/*.json")
    body = jcs.parse(path.read_bytes())
    for row in body["rows"][:1]:
        for name, value in row["items"].items():
            if isinstance(value, int):
                row["items"][name] = value + 1
    path.write_bytes(jcs.canonical(body))


def _other_announcement(folder: Path) -> None:
    def cheaper(entry: dict[str, Any]) -> None:
        items = entry["body"]["items"]
        items |= {name: value - 1 for name, value in items.items() if isinstance(value, int)}

    _retell(folder / PUBLIC, "bid.announced", cheaper)


def _other_coefficient(folder: Path) -> None:
    def another(entry: dict[str, Any]) -> None:
        body = entry["body"]
        listed = [one["id"] for one in body["transcript"]["candidates"][body["label"]]]
        body["coefficient"] = next(one for one in listed if one != body["coefficient"])

    _retell(folder / PUBLIC, "draw.coefficient-drawn", another)


def _other_transcript(folder: Path) -> None:
    path = _first(folder, "draws/*.json")
    transcript = jcs.parse(path.read_bytes())
    transcript["beacon"]["value"] = "1.1.1.1.1."
    path.write_bytes(jcs.canonical(transcript))


def _longer_document(folder: Path) -> None:
    path = _first(folder, "records/*.pdf")
    path.write_bytes(path.read_bytes() + b"\n% one more line\n")


def _foreign_receipt(folder: Path) -> None:
    path = _first(folder, "receipts/*.tlog-proof")
    proof = parse_proof(path.read_text(encoding="utf-8"))
    other = NoteSigner(proof.checkpoint.origin, Ed25519PrivateKey.generate())
    sealed = commitment(proof.extra[:16], proof.extra[16:])
    head = Checkpoint(other.name, 1, leaf_hash(sealed))
    path.write_text(str(LogProof(proof.extra, 0, (), other.sign(head.text))), encoding="utf-8")


def _other_bidder_key(folder: Path) -> None:
    _first(folder, "keys/*.txt").write_text(generate_identity() + "\n", encoding="utf-8")


def _swap_documents(folder: Path) -> None:
    one, two = _two(folder, "bids/*/docs.age")
    shutil.copy(two, one)


BAD: tuple[Bad, ...] = (
    Bad("one-bit", "S0", "翻转一个比特", "one bit flipped", _one_bit),
    Bad("extra-file", "S0", "多出一个文件", "a file that nobody indexed", _extra_file),
    Bad("missing-file", "S4", "缺少一个密文", "a ciphertext is missing", _missing_file),
    Bad("drop-bid", "S3", "抽走一份投标", "a bid is left out", _drop_bid),
    Bad("add-bid", "S1", "塞入一份投标", "a bid is slipped in", _add_bid),
    Bad("hide-bid", "S3", "隐去一份投标", "a bid is kept closed", _hide_bid),
    Bad("late-bid", "S3", "迟到的投标被接收", "a late bid is accepted", _late_bid),
    Bad("reorder", "S1", "调换条目次序", "entries change places", _reorder),
    Bad("drop-entry", "S1", "删去一个条目", "an entry is left out", _drop_entry),
    Bad("roll-back", "S1", "日志回退", "the log is rolled back", _roll_back),
    Bad("uncosigned", "S1", "缺少见证联署", "no witness cosigned", _uncosigned),
    Bad("other-leaf", "S1", "更改日志叶子", "a leaf is changed", _other_leaf),
    Bad("other-terms", "S2", "更改公告条款", "the terms are changed", _other_terms),
    Bad("swap-sheets", "S4", "调换开标一览表", "two sheets change places", _swap_sheets),
    Bad("foreign-signature", "S4", "他人签名", "another bidder's signature", _foreign_signature),
    Bad("no-lists", "S4", "隐去吊销列表", "the revocation lists are left out", _no_lists),
    Bad("early-layer", "S5", "提前公布层密钥", "a layer comes off early", _early_layer),
    Bad("other-layer-key", "S6", "另一把层密钥", "another layer key", _other_layer_key),
    Bad("other-sheet-key", "S6", "另一把一览表密钥", "another sheet key", _other_sheet_key),
    Bad("other-bidder-key", "S6", "另一把投标人密钥", "another bidder's key", _other_bidder_key),
    Bad("swap-documents", "S7", "调换投标文件", "two archives change places", _swap_documents),
    Bad("other-record", "S8", "更改记录中的报价", "a price in the record is changed", _other_record),
    Bad("other-announcement", "S8", "更改唱标内容", "an announced price is changed", _other_announcement),
    Bad("other-coefficient", "S9", "更改抽取系数", "the coefficient is changed", _other_coefficient),
    Bad("other-transcript", "S9", "更改抽取过程", "the beacon is changed", _other_transcript),
    Bad("longer-document", "S10", "更改已签名文件", "a signed document is changed", _longer_document),
    Bad("foreign-receipt", "S11", "另一日志的回执", "a receipt of another log", _foreign_receipt),
)
