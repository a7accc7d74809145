"""The demonstration's own directory, its settings, and the platform's keys in it."""

import json
import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crypto.cosign import Cosigner
from web.cli.witness_key import create as create_witness
from web.demo.cast import CENTRE
from web.keyring import Keyring
from web.settings import Settings, default_path, load
from web.trusting import trust_file

WITNESSES = ("witness-a.example", "witness-b.example")
_PLENTY = "1000000/minute"


@dataclass(frozen=True, kw_only=True)
class Home:
    """Where everything of one run lies; `facts` are its settings by section."""

    path: Path
    port: int
    passphrase: str
    facts: dict[str, dict[str, Any]]
    witnesses: tuple[Cosigner, ...]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> Settings:
        """The settings as the server reads them."""
        return load(default_path(), **dict[str, Any](self.facts))

    def environment(self) -> dict[str, str]:
        """The server's surroundings: none of ours but these settings."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith("QIFENG_")}
        root = str(Path(__file__).parent.parent.parent)
        plain["PYTHONPATH"] = os.pathsep.join(filter(None, (root, plain.get("PYTHONPATH", ""))))
        return plain | {
            f"QIFENG_{section}__{name}".upper(): value if isinstance(value, str) else json.dumps(value)
            for section, values in self.facts.items()
            for name, value in values.items()
        }

    def keep_trust(self) -> None:
        """Write the trust file of the first day, which outsiders get from those who founded the platform."""
        settings = self.settings()
        keys = Keyring.load(settings.keys.directory, self.passphrase)
        trust_file(settings, keys).dump(self.folder("out") / "trust.json")

    def folder(self, name: str) -> Path:
        """A folder of this home, made where it is missing."""
        path = self.path / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path


def make_home(path: Path, *, db: str = "", port: int = 0) -> Home:
    """Settle in the empty folder *path*: the platform's keys, two witnesses' keys, a free port."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    passphrase, port = secrets.token_urlsafe(24), _free_port(port)
    witnesses = tuple(create_witness(name, path / f"{name}.pem", passphrase) for name in WITNESSES)
    facts = _facts(path, db or f"sqlite+aiosqlite:///{path}/qifeng.db", port, passphrase, witnesses)
    # A certificate that begins a little in the past is valid on a database whose clock differs a little.
    Keyring.create(
        path / "keys", passphrase, operator=CENTRE.name, now=datetime.now(UTC) - timedelta(minutes=5),
        crl_url=f"http://127.0.0.1:{port}/api/crl",
    )  # fmt: skip
    (path / "platform.passphrase").write_text(passphrase + "\n", encoding="utf-8")
    return Home(path=path, port=port, passphrase=passphrase, facts=facts, witnesses=witnesses)


def _facts(
    path: Path, db: str, port: int, passphrase: str, witnesses: tuple[Cosigner, ...]
) -> dict[str, dict[str, Any]]:
    return {
        "site": {"operator": CENTRE.name, "origin": f"http://127.0.0.1:{port}"},
        "server": {"host": "127.0.0.1", "port": port, "connections_per_address": 2000},
        "database": {"url": db},
        "storage": {"url": str(path / "objects")},
        "keys": {"directory": str(path / "keys"), "passphrase": passphrase},
        "log": {"witnesses": [str(one.vkey) for one in witnesses], "quorum": len(witnesses)},
        # Everyone plays at one address here; a real platform counts each caller by its own.
        "limits": {"reads": _PLENTY, "writes": _PLENTY, "sign_ins": _PLENTY, "sockets_per_address": 500},
    }


def _free_port(wanted: int) -> int:
    """*wanted* where nobody listens there, any other where somebody does."""
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
