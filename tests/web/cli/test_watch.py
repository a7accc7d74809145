"""Watching a hall: every entry over the real socket, as lines for a program or as a screen for a person."""

import asyncio
import json
import os
import pty
import select
import subprocess
import time
from datetime import UTC, datetime

from bidding.acts.opening import DisciplineRead
from crypto.ledger import Unit, database_clock
from crypto.ledger.engine import Database


def recorded(served, words):
    """An act in the tender's public stream, as another replica would record it."""

    async def record():
        database = Database(f"sqlite+aiosqlite:///{served.home}/q.db")
        try:
            async with database.writing.begin() as session:
                unit = Unit(session, by="tester", clock=database_clock)
                act = DisciplineRead(tender_id=served.tender_id, text_sha256=words)
                return (await unit.record(act)).seq
        finally:
            await database.dispose()

    return asyncio.run(record())


def watching(served, *words, **streams):
    line, surroundings = served.command("watch", served.tender_id, *words, cert=None, TERM="xterm-256color")
    return subprocess.Popen(line, env=surroundings, cwd=served.home, **streams)


def test_what_is_recorded_before_and_while_one_watches_is_heard_in_order_and_once(served):
    before = recorded(served, "ab" * 32)
    process = watching(
        served, "--json", "--seconds", "20", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        heard = [_value(process)]
        while heard[-1]["seq"] < before:
            heard.append(_value(process))
        after = recorded(served, "cd" * 32)
        heard.append(_value(process))
        process.terminate()
    assert [one["seq"] for one in heard] == list(range(1, after + 1))
    assert heard[-1]["body"]["text_sha256"] == "cd" * 32


def test_a_screen_is_drawn_on_a_terminal_and_q_leaves_it(served):
    recorded(served, "ef" * 32)
    ours, theirs = pty.openpty()
    process = watching(served, "--lang", "zh", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    drawn = _drawn(ours, "opening.discipline-read")
    os.write(ours, b"q")
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        _some(ours)
    os.close(ours)
    assert process.wait(5) == 0
    for words in (
        "示例新城小学教学楼施工",
        "不见面开标大厅",
        "截标前任何人都不知道投标人及其数量",
        "按 q 退出",
    ):
        assert words in drawn, words


def test_the_watcher_leaves_when_told_how_long(served):
    started = datetime.now(UTC)
    assert served.run("watch", served.tender_id, "--seconds", "1", cert=None).returncode == 0
    assert (datetime.now(UTC) - started).total_seconds() < 30


def test_a_hall_that_is_not_there_is_refused_in_words(served):
    told = served.json("watch", "no-such-tender", cert=None, code=3)
    assert told["error"]["status"] == 404


def _value(process):
    text = ""
    while True:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        text += line
        try:
            return json.loads(text)
        except ValueError:
            continue


def _drawn(handle, words):
    drawn, end = "", time.monotonic() + 60
    while words not in drawn:
        assert time.monotonic() < end, drawn[-3000:]
        drawn += _some(handle)
    return drawn


def _some(handle):
    ready, _, _ = select.select([handle], [], [], 0.2)
    try:
        return os.read(handle, 1 << 16).decode(errors="replace") if ready else ""
    except OSError:
        return ""
