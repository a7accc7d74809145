"""A sequencer that is killed again and again: run as a program, it says what it had committed by then.

Each life is a child of its own that dies by SIGKILL before its n-th statement (the commit included),
or by an alarm at a random instant. What it reported, it had committed.
"""

import asyncio
import os
import random
import signal
import sys
from typing import Any

from sqlalchemy import event

from crypto.ledger.engine import Database
from tests.crypto.ledger.makers import ring, take_in


def main(url: str, seed: str) -> None:
    rng = random.Random(seed)
    for statement in range(1, 34):  # one life has about 28, the commits included
        live(url, statement=statement)
    for _ in range(6):
        live(url, seconds=rng.uniform(0.005, 0.15))


def live(url: str, *, statement: int = 0, seconds: float = 0.0) -> None:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    if seconds:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    asyncio.run(work(url, statement, turns=1000 if seconds else 1))
    os._exit(0)


async def work(url: str, statement: int, *, turns: int) -> None:
    db = Database(url)
    if statement:
        kill_before(db, statement)
    for _ in range(turns):
        say("entries", *await ring(db, 3))
        head = await take_in(db)
        if head:
            say("checkpoint", head.size, head.root.hex())
    await db.dispose()


def kill_before(db: Database, statement: int) -> None:
    left = [statement]

    def count(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.writer.sync_engine, "before_cursor_execute", count)
    event.listen(db.writer.sync_engine, "commit", count)


def say(*words: object) -> None:
    # One write, so that a line is whole or not there.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
