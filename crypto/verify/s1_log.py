"""S1: one log, which only ever grew, holds every entry of the bundle in its place."""

from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.cosign import verify_cosignature
from crypto.merkle import HASH_SIZE, Frontier, leaf_hash, node_hash
from crypto.notes import open_note, parse_note
from crypto.receipts import stamp_digest
from crypto.tiles import HEIGHT, Tile, hash_tile, tiles_of
from crypto.timestamps import Stamped, verify_token
from crypto.trust import Trust
from crypto.verify.bundle import BundleBroken
from crypto.verify.case import Case
from crypto.verify.entries import Entry, Stream
from crypto.verify.finding import Report

CHECKPOINTS, TILES, STAMPS = "log/checkpoints/", "log/tile/", "log/timestamps/"
_START = bytes(HASH_SIZE)


def check(case: Case, report: Report) -> None:
    """The tree rebuilt from the leaves is the one of every checkpoint; entries are leaves, in order."""
    heads = _checkpoints(case, report)
    roots = roots_at(case.leaves, {head.size for head, _ in heads})
    for head, name in heads:
        report.demand(roots.get(head.size) == head.root, f"{name}: the leaves make another tree")
    _tiles(case, report)
    _streams(case, report)
    _stamps(case, report)
    report.fact(f"{len(case.leaves)} leaves, {len(heads)} checkpoints")
    for name, at in sorted(case.head.cosigned.items()):
        report.fact(f"cosigned by {name} at {at.isoformat()}")


def _checkpoints(case: Case, report: Report) -> list[tuple[Checkpoint, str]]:
    heads = [(case.head.checkpoint, "log/checkpoint")]
    for path in case.bundle.below(CHECKPOINTS):
        with report.about(path):
            head = read_checkpoint(case, case.bundle.read(path))
            report.demand(path == f"{CHECKPOINTS}{head.size}", f"{path}: a checkpoint of {head.size} leaves")
            heads.append((head, path))
    for act in case.acts("checkpoint.stamped"):
        with report.about("checkpoint.stamped"):
            heads.append((read_checkpoint(case, act.body["note"]), "checkpoint.stamped"))
    return heads


def read_checkpoint(case: Case, raw: str | bytes) -> Checkpoint:
    """A checkpoint signed by the log, every known cosignature under it good. Raises NoteInvalid."""
    note = parse_note(raw)
    open_note(note, case.policy.logs)
    for witness in case.policy.witnesses.values():
        verify_cosignature(note, witness)
    head = parse_checkpoint(note.text)
    if head.origin != case.head.checkpoint.origin:
        raise BundleBroken("a checkpoint of another log")
    return head


def roots_at(leaves: Sequence[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The roots of the trees of these sizes, as far as the leaves reach."""
    wanted, tree = set(sizes), Frontier()
    found = {0: tree.root()} if 0 in wanted else {}
    for one in leaves:
        tree.append(leaf_hash(one))
        if tree.size in wanted:
            found[tree.size] = tree.root()
    return found


def _tiles(case: Case, report: Report) -> None:
    """The published tiles are those of the leaves, all of them and no others."""
    expected = tiles_of(len(case.leaves))
    paths = {f"log/{tile}" for tile in expected}
    for path in case.bundle.below(TILES):
        report.demand(path in paths, f"{path}: no tile of this log")
    row = [leaf_hash(one) for one in case.leaves]
    for level in range(1 + max((tile.level or 0 for tile in expected), default=0)):
        for tile in (one for one in expected if one.level == level):
            with report.about(f"log/{tile}"):
                _tile(case, report, tile, row)
        row = _above(row)


def _tile(case: Case, report: Report, tile: Tile, row: Sequence[bytes]) -> None:
    raw = hash_tile(row[tile.places.start : tile.places.stop])
    report.demand(case.bundle.read(f"log/{tile}") == raw, f"log/{tile}: other hashes than the leaves give")


def _above(row: list[bytes]) -> list[bytes]:
    """The row of tiles one level up: complete subtrees of 256."""
    for _ in range(HEIGHT):
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
    return row


def _streams(case: Case, report: Report) -> None:
    taken: dict[int, str] = {}
    for stream in case.streams():
        with report.about(stream.path):
            _chain(case, report, stream)
            for line in stream.lines:
                name = f"{stream.path} seq {line.seq}"
                report.demand(line.index not in taken, f"{name}: the leaf of {taken.get(line.index)}")
                taken[line.index] = name
    report.fact(f"{len(taken)} entries in {len(case.streams())} streams")


def _chain(case: Case, report: Report, stream: Stream) -> None:
    """Dense from 1, each entry naming the one before, each a leaf further on in the log."""
    before, last = _START, -1
    for place, line in enumerate(stream.lines, start=1):
        name = f"{stream.path} seq {line.seq}"
        report.demand(line.seq == place, f"{name}: it stands where seq {place} should")
        report.demand(last < line.index < len(case.leaves), f"{name}: not a later leaf of the log")
        if 0 <= line.index < len(case.leaves):
            report.demand(case.leaves[line.index] == line.commitment, f"{name}: not the leaf {line.index}")
        if line.entry is not None:
            report.demand(
                (line.entry.stream, line.entry.seq) == (stream.name, line.seq), f"{name}: it names another"
            )
            report.demand(line.entry.prev == before, f"{name}: it does not continue the one before")
        before, last = line.commitment, line.index
    is_open = stream.path.startswith("streams/public") or case.is_supervision
    report.demand(not is_open or all(line.entry for line in stream.lines), f"{stream.path}: closed entries")


def _stamps(case: Case, report: Report) -> None:
    """Time stamps are good, of a checkpoint in the log, and their times grow with it."""
    stamped: dict[int, datetime] = {}
    for act in case.acts("checkpoint.stamped"):
        with report.about(f"time stamp over {act.body.get('size')} leaves"):
            stamped[act.body["size"]] = stamp_of(act, case.trust).at
            _files(case, report, act)
    sizes = sorted(stamped)
    ordered = all(stamped[one] <= stamped[two] for one, two in pairwise(sizes))
    report.demand(ordered, "time stamps run backwards")
    known = {f"{STAMPS}{act.body['size']}" for act in case.acts("checkpoint.stamped")}
    for path in case.bundle.below(STAMPS):
        report.demand(path.rpartition(".")[0] in known, f"{path}: of no checkpoint that was stamped")


def stamp_of(act: Entry, trust: Trust) -> Stamped:
    """The verified time stamp of a `checkpoint.stamped` act: the token is over the checkpoint's text."""
    body = act.body
    head = parse_checkpoint(parse_note(body["note"]).text)
    if (head.size, head.root.hex()) != (body["size"], body["root"]):
        raise BundleBroken("the stamped note is of another checkpoint")
    token = b64decode(body["token"], validate=True)
    return verify_token(token, stamp_digest(head), trust=trust.tsa_store, chain=trust.tsa_chain)


def _files(case: Case, report: Report, act: Entry) -> None:
    """The same token and the text that it stamps as files, for `openssl ts -verify`."""
    same: Mapping[str, bytes] = {
        "tsr": b64decode(act.body["token"]),
        "txt": parse_note(act.body["note"]).text.encode(),
    }
    for kind, raw in same.items():
        path = f"{STAMPS}{act.body['size']}.{kind}"
        report.demand(case.bundle.read(path) == raw, f"{path}: other bytes than the act holds")
