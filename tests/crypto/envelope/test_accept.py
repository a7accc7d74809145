"""What the platform refuses without a key, each under its own code."""

import hashlib
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.age import Stanza, encrypt, generate_identity, recipient_of
from crypto.cms import sign_detached
from crypto.envelope import Folder, Member, Statement, accept
from crypto.envelope.accept import CHECKS
from crypto.errors import StatementInvalid
from tests.crypto.envelope.conftest import BIDDER, COMMITTEE, DEADLINE, NOTICE, RIVAL, context, expected

TICK = timedelta(microseconds=1)


def code(sealed, **changes):
    with pytest.raises(StatementInvalid) as refusal:
        accept(Folder(sealed.folder), expected(**changes))
    return refusal.value.code


def sign(folder, raw, signer=BIDDER):
    (folder / "statement.json").write_bytes(raw)
    (folder / "statement.p7s").write_bytes(sign_detached(raw, signer.certificate, signer.key))


def restate(sealed, signer=BIDDER, **changes):
    """Sign the statement again with *changes*, as a bidder with a program of her own could."""
    statement = replace(sealed.statement, **changes)
    sign(sealed.folder, statement.raw(), signer)
    return statement


def put(sealed, name, raw):
    """Put other bytes under *name*, stated truthfully."""
    (sealed.folder / name).write_bytes(raw)
    fact = {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}

    def renewed(parts):
        return tuple(replace(one, **fact) if one.name == name else one for one in parts)

    stated = sealed.statement
    restate(
        sealed,
        objects=renewed(stated.objects),
        keys=renewed(stated.keys),
        shares=renewed(stated.shares),
    )


def object_of(sealed, name="docs", **changes):
    stanza = sealed.statement.context.of(name).stanza()
    plain = {"recipients": [recipient_of(generate_identity())], "extra_stanzas": [stanza]}
    return encrypt(bytes(1 << 20), **plain | changes)


def test_every_check_is_numbered_in_order():
    assert [check.__name__.split("_")[1] for check in CHECKS] == [str(n + 1) for n in range(len(CHECKS))]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"tender_id": "T-2026-0002"}, "wrong-tender"),
        ({"lot": "2"}, "wrong-lot"),
        ({"stage": "price"}, "wrong-stage"),
        ({"notices": {"c3" * 32: DEADLINE}}, "wrong-notice"),
        ({"notices": {NOTICE: DEADLINE + TICK}}, "wrong-deadline"),
        ({"bidder": RIVAL}, "wrong-bidder-certificate"),
        ({"round": 2, "previous": "a1" * 32}, "wrong-round"),
        ({"layers": (recipient_of(generate_identity()),)}, "layers-mismatch"),
        ({"committee": replace(COMMITTEE, list_version=2)}, "shares-missing"),
        ({"committee": replace(COMMITTEE, threshold=4)}, "shares-missing"),
        ({"committee": replace(COMMITTEE, members=COMMITTEE.members[:4])}, "shares-missing"),
        ({"committee": None}, "unexpected-object"),
    ],
)
def test_a_bid_for_something_else_is_refused(sealed, changes, refusal):
    assert code(sealed, **changes) == refusal


def test_a_notice_whose_amendment_asked_for_nothing_may_still_be_answered(sealed):
    accept(Folder(sealed.folder), expected(notices={"c3" * 32: DEADLINE + TICK, NOTICE: DEADLINE}))


def test_a_bid_without_shares_is_refused_where_a_fallback_is_the_rule(desk):
    assert code(desk.seal(committee=None)) == "shares-missing"


def test_a_share_for_another_member_is_refused(desk):
    others = (*COMMITTEE.members[:4], Member("member-5", recipient_of(generate_identity())))
    assert code(desk.seal(committee=replace(COMMITTEE, members=others))) == "shares-missing"


@pytest.mark.parametrize(
    "name", ["statement.json", "statement.p7s", "sheet.age", "docs.age", "key-docs.age", "share-5.age"]
)
def test_a_missing_file_is_refused(sealed, name):
    (sealed.folder / name).unlink()
    assert code(sealed) == "missing-object"


def test_a_file_that_nobody_named_is_refused(sealed):
    (sealed.folder / "share-6.age").write_bytes(b"")
    assert code(sealed) == "unexpected-object"


@pytest.mark.parametrize("name", ["sheet.age", "docs.age", "key-sheet.age", "share-1.age"])
def test_an_incomplete_transfer_is_refused(sealed, name):
    raw = (sealed.folder / name).read_bytes()
    (sealed.folder / name).write_bytes(raw[:-1])
    assert code(sealed) == "truncated"


@pytest.mark.parametrize("cut", [1, 16, 65552, 65536])
def test_a_cut_is_refused_even_where_the_statement_owns_up_to_it(sealed, cut):
    put(sealed, "docs.age", (sealed.folder / "docs.age").read_bytes()[:-cut])
    assert code(sealed) == "truncated"


def test_surplus_bytes_are_refused(sealed):
    with (sealed.folder / "docs.age").open("ab") as out:
        out.write(b"x")
    assert code(sealed) == "size-mismatch"


@pytest.mark.parametrize("name", ["docs.age", "sheet.age", "key-docs.age", "share-3.age"])
def test_a_flipped_bit_is_refused(sealed, name):
    raw = bytearray((sealed.folder / name).read_bytes())
    raw[-1] ^= 1
    (sealed.folder / name).write_bytes(raw)
    assert code(sealed) == "hash-mismatch"


@pytest.mark.parametrize("raw", [b"%PDF-1.7\n" + bytes(100), b"PK\x03\x04", bytes(50), b"-----BEGIN AGE"])
def test_an_unencrypted_file_is_refused(sealed, raw):
    put(sealed, "docs.age", raw)
    assert code(sealed) == "unencrypted"


def test_a_malformed_header_is_refused(sealed):
    raw = (sealed.folder / "docs.age").read_bytes().replace(b"-> X25519 ", b"-> X25519  ", 1)
    put(sealed, "docs.age", raw)
    assert code(sealed) == "ill-formed"


def test_a_copied_ciphertext_is_bound_to_its_own_bidder(desk):
    mine = desk.seal("mine")
    rival = desk.seal("rival", signer=RIVAL, context=context(RIVAL))
    put(rival, "docs.age", (mine.folder / "docs.age").read_bytes())
    sign(rival.folder, (rival.folder / "statement.json").read_bytes(), RIVAL)
    assert code(rival, bidder=RIVAL) == "bind-mismatch"


def test_a_copied_submission_under_another_signature_is_refused(desk, sealed):
    raw = (sealed.folder / "statement.json").read_bytes()
    sign(sealed.folder, raw, RIVAL)
    assert code(sealed) == "wrong-bidder-certificate"
    assert code(sealed, bidder=RIVAL) == "wrong-bidder-certificate"


def test_the_sheet_under_the_name_of_the_docs_is_refused(sealed):
    put(sealed, "docs.age", object_of(sealed, "sheet"))
    assert code(sealed) == "bind-mismatch"


def test_an_older_submission_of_the_same_bidder_is_bound_to_its_own_round(desk):
    first = desk.seal("first")
    second = desk.seal(
        "second",
        context=context(round=2, nonce16="f" * 32),
        previous=first.statement_sha256,
    )
    accept(Folder(second.folder), expected(round=2, previous=first.statement_sha256))
    assert code(first, round=2, previous=first.statement_sha256) == "wrong-round"


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": [recipient_of(generate_identity()) for _ in range(2)]},
        {"extra_stanzas": []},
        {"extra_stanzas": [context().of("docs").stanza()] * 2},
        {"extra_stanzas": [context().of("docs").stanza(), Stanza(("example.com/side-door",))]},
    ],
)
def test_a_second_way_in_is_refused(sealed, changes):
    put(sealed, "docs.age", object_of(sealed, **changes))
    assert code(sealed) == "stanza-not-allowed"


@pytest.mark.parametrize("name", ["key-docs.age", "share-1.age"])
def test_a_key_or_share_for_two_is_refused(sealed, name):
    put(sealed, name, encrypt(b"x", recipients=[recipient_of(generate_identity()) for _ in range(2)]))
    assert code(sealed) == "stanza-not-allowed"


def test_a_key_file_of_the_size_of_a_bid_is_refused(sealed):
    put(sealed, "key-docs.age", encrypt(bytes(20_000), recipients=[recipient_of(generate_identity())]))
    assert code(sealed) == "size-mismatch"


def test_a_statement_changed_after_its_signature_is_refused(sealed):
    raw = (sealed.folder / "statement.json").read_bytes()
    (sealed.folder / "statement.json").write_bytes(raw.replace(b"0.1.0", b"0.1.1"))
    assert code(sealed) == "signature-broken"


@pytest.mark.parametrize("p7s", [b"", b"x", bytes(70_000)])
def test_what_is_no_signature_is_refused(sealed, p7s):
    (sealed.folder / "statement.p7s").write_bytes(p7s)
    assert code(sealed) in {"signature-broken", "ill-formed"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw + b"\n",
        lambda raw: raw.replace(b'"threshold":3', b'"threshold":6'),
        lambda raw: raw.replace(b'"threshold":3', b'"threshold":true'),
        lambda raw: raw.replace(b'"threshold":3', b'"threshold":3.0'),
        lambda raw: raw.replace(b'"round":1', b'"round":0'),
        lambda raw: raw.replace(b'"round":1', b'"round":true'),
        lambda raw: raw.replace(b"docs.age", b"../../x."),
        lambda raw: raw.replace(b"2026-12-01T01:30:00Z", b"2026-12-01T09:30:00+08:00"),
        lambda raw: raw.replace(b"2026-12-01T01:30:00Z", b"2026-12-01T01:30:00.000Z"),
        lambda raw: raw.replace(b'"suite":"age-x25519"', b'"suite":"none"'),
        lambda raw: raw.replace(b'"stage":"single"', b'"stage":1'),
        lambda raw: raw.replace(b'"size":', b'"size":-'),
        lambda raw: b'{"a":' * 200_000,
        lambda raw: b"[]",
        lambda raw: b"",
    ],
)
def test_an_ill_formed_statement_is_refused_whoever_signed_it(sealed, spoil):
    raw = (sealed.folder / "statement.json").read_bytes()
    assert spoil(raw) != raw
    sign(sealed.folder, spoil(raw))
    assert code(sealed) == "ill-formed"


def test_one_time_recipients_that_are_the_same_are_refused(sealed):
    sheet, docs = sealed.statement.objects
    restate(sealed, objects=(sheet, replace(docs, recipient=sheet.recipient)))
    assert code(sealed) == "ill-formed"
    restate(sealed, bidder_recipient=sheet.recipient)
    assert code(sealed) == "ill-formed"


def test_the_weeds_of_a_copy_meet_those_of_its_original(desk, sealed):
    shutil.copytree(sealed.folder, desk.home / "copy")
    original = accept(Folder(sealed.folder), expected())
    copy = accept(Folder(desk.home / "copy"), expected())
    assert set(original.weeds) == set(copy.weeds)
    assert len(set(original.weeds)) == len(original.weeds) == 3 + 9 + 9
    assert {f"recipient:{one}" for one in sealed.statement.recipients()} <= set(original.weeds)


def test_a_statement_reads_back_as_it_was_written(sealed):
    raw = (sealed.folder / "statement.json").read_bytes()
    assert Statement.read(raw) == sealed.statement
    assert Statement.read(raw).raw() == raw


def test_nothing_but_headers_is_read_where_the_digests_are_known(sealed):
    class Metered(Folder):
        def open(self, name):
            src = super().open(name)
            opened.append((name, src))
            return Kept(src)

        def sha256(self, name):
            return known.get(name) or super().sha256(name)

    class Kept:
        def __init__(self, src):
            self.src, self.read, self.readline = src, src.read, src.readline

        def __enter__(self):
            return self

        def __exit__(self, *_):
            places.append(self.src.tell())
            self.src.close()

    opened, places = [], []
    known = {part.name: part.sha256 for part in sealed.statement.parts()}
    accept(Metered(sealed.folder), expected())
    assert max(place for (name, _), place in zip(opened, places, strict=True) if name.endswith(".age")) < 600
