"""A real platform for the command line: keys, a database, a tender on sale, and a server process."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bidding.party.roles import Role
from bidding.tender.terms import Committee, Layer, ShareHolder
from crypto.age import generate_identity, recipient_of
from crypto.certificates import Credential, Profile
from crypto.ledger import Unit, database_clock
from crypto.ledger.engine import Database
from tests.bidding.party.makers import a_person, an_organisation, enrolled
from tests.bidding.tender import makers as tenders
from web.keyring import Keyring
from web.migrate import migrate

SECRET = "示例口令-platform"
CERT_SECRET = "示例口令-bidder"
KEY_SECRET = "示例口令-key"
NOW = datetime.now(UTC)


@dataclass
class Platform:
    """Where everything is, and how a command is run against it."""

    home: Path
    port: int
    tender_id: str = ""
    layers: list = field(default_factory=list)
    process: subprocess.Popen | None = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def surroundings(self):
        return os.environ | {
            "QIFENG_SITE__ORIGIN": self.url,
            "QIFENG_SERVER__PORT": str(self.port),
            "QIFENG_DATABASE__URL": f"sqlite+aiosqlite:///{self.home}/q.db",
            "QIFENG_STORAGE__URL": str(self.home / "objects"),
            "QIFENG_KEYS__DIRECTORY": str(self.home / "keys"),
            "QIFENG_KEYS__PASSPHRASE": SECRET,
            "QIFENG_LIMITS__SIGN_INS": "10000/minute",
            "QIFENG_LIMITS__WRITES": "100000/minute",
            "QIFENG_URL": self.url,
            "QIFENG_CERT_PASSPHRASE": CERT_SECRET,
            "QIFENG_KEY_PASSPHRASE": KEY_SECRET,
            "QIFENG_LANG": "en",
        }

    def command(self, *words, cert="bidder.p12", **more):
        """The words of a real process of the command line."""
        surroundings = self.surroundings | ({"QIFENG_CERT": str(self.home / cert)} if cert else {}) | more
        return [sys.executable, "-m", "web.cli", *map(str, words)], surroundings

    def run(self, *words, cert="bidder.p12", typed=None, **more):
        """The finished process of a command."""
        line, surroundings = self.command(*words, cert=cert, **more)
        return subprocess.run(
            line, env=surroundings, cwd=self.home, input=typed, capture_output=True, text=True,
            timeout=120, check=False,
            stdin=subprocess.DEVNULL if typed is None else None,
        )  # fmt: skip

    def json(self, *words, code=0, **more):
        """What a command told a program."""
        done = self.run(*words, "--json", **more)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def start(self):
        """Serve, by the product's own command."""
        line, surroundings = self.command("serve", cert=None)
        with (self.home / "server.log").open("ab") as log:
            self.process = subprocess.Popen(line, env=surroundings, cwd=self.home, stdout=log, stderr=log)
        self._wait()

    def stop(self, *, kill=False):
        if self.process is None:
            return
        self.process.kill() if kill else self.process.terminate()
        self.process.wait(20)
        self.process = None

    def _wait(self):
        for _ in range(600):
            if self.process.poll() is not None:
                raise AssertionError((self.home / "server.log").read_text())
            try:
                with urllib.request.urlopen(self.url + "/readyz", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the server did not become ready")


@contextmanager
def platform(home, **over):
    """A platform that serves, with one tender on sale and two bidders; gone after the block."""
    made = Platform(home, _free_port())
    keys = Keyring.create(home / "keys", SECRET, operator="示例中心", now=NOW - timedelta(days=1))
    asyncio.run(_fill(made, keys, over))
    made.start()
    try:
        yield made
    finally:
        made.stop()


async def _fill(made, keys, over):
    database = Database(f"sqlite+aiosqlite:///{made.home}/q.db")
    try:
        await migrate(database)
        async with database.writing.begin() as session:
            unit = Unit(session, by="installation", clock=database_clock)
            for name, uscc, organisation, id_number in _BIDDERS:
                party = await enrolled(
                    unit, keys.authority, an_organisation(uscc, organisation), a_person(id_number=id_number),
                    roles=[Role.BIDDER], profile=Profile.BIDDER,
                )  # fmt: skip
                held = Credential(party.x509, party.key, keys.authority.chain())
                (made.home / f"{name}.p12").write_bytes(held.to_pkcs12(CERT_SECRET))
            made.layers = [generate_identity(), generate_identity()]
            row = await tenders.tender(session, **_terms(made.layers) | over)
            made.tender_id = row.id
    finally:
        await database.dispose()


def _terms(layers):
    members = [
        ShareHolder(
            number=number, organisation_id=f"org-{number}", person_id=f"person-{number}",
            name=f"示例委员{number}", recipient=recipient_of(generate_identity()),
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    return {
        "docs_from": NOW - timedelta(days=1), "bid_deadline": NOW + timedelta(days=20),
        "layers": tuple(
            Layer(
                order=order, organisation_id=f"org-l{order}", person_id=f"person-l{order}",
                name=f"示例保管人{order}", recipient=recipient_of(one),
            )
            for order, one in enumerate(layers, 1)
        ),
        "committee": Committee(m=2, members=tuple(members)),
    }  # fmt: skip


_BIDDERS = (
    ("bidder", "91330703MA2ABCDE14", "示例甲建设有限公司", "330703199003070018"),
    ("other", "91330100799655058B", "示例乙建设有限公司", "330703197511304520"),
)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
