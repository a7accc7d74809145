"""Sealing by hand: each item is asked for on the terminal, and asked again until it is well formed."""

import os
import pty
import select
import subprocess
import time

from crypto.envelope import Statement, open_key, open_sheet
from crypto.keys import read_key_file
from tests.web.cli.platform import KEY_SECRET


def answered(process, terminal, dialogue):
    """Type each answer once its question stands on the terminal; the whole conversation."""
    heard, end = "", time.monotonic() + 90
    for question, typed in dialogue:
        seen = len(heard)
        while question not in heard[seen:]:
            assert time.monotonic() < end, heard
            heard += _some(terminal)
        os.write(terminal, typed.encode() + b"\n")
    while process.poll() is None and time.monotonic() < end:
        heard += _some(terminal)
    return heard


def test_amounts_are_typed_in_yuan_and_what_is_no_amount_is_asked_again(served, home):
    facts = home / "facts.json"
    served.json("seal", served.tender_id, "--save-facts", facts)
    line, surroundings = served.command(
        "seal", served.tender_id, home / "技术标.pdf", "--facts", facts, "--out", home / "bid"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(line, env=surroundings, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    price = "Total price (yuan)"
    heard = answered(
        process, ours,
        [(price, "1,234.50"), (price, "-1"), (price, "壹佰"), (price, "1234.5"), ("Duration", "30.5"),
         ("Duration", "30"), ("Quality", "合格")],
    )  # fmt: skip
    os.close(ours)
    assert process.wait(5) == 0, heard
    statement = Statement.read((home / "bid" / "statement.json").read_bytes())
    key = read_key_file(home / "bid.qfkey", KEY_SECRET)
    identity = open_key((home / "bid" / "key-sheet.age").read_bytes(), served.layers, key.identity)
    with (home / "bid" / "sheet.age").open("rb") as src:
        sheet = open_sheet(src, identity, statement.context)
    assert sheet == {"bid_price": 123450, "duration_days": 30, "quality": "合格"}


def _some(handle):
    ready, _, _ = select.select([handle], [], [], 0.2)
    try:
        return os.read(handle, 1 << 16).decode(errors="replace") if ready else ""
    except OSError:
        return ""
