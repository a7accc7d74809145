"""What each bidder offers, in which files, and what will become of it."""

import asyncio
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bidding.opening.amounts import words_of
from crypto.envelope import Sealed
from crypto.keys import read_key_file
from web.client import Order, documents, seal_bid, sealing_facts
from web.demo.papers import write_drawings, write_pdf
from web.demo.play import Play
from web.demo.player import Player

WAN = 1_000_000
MANAGER = "示例项目经理"


class Fate(StrEnum):
    """How a bidder fares; most simply take part."""

    PLAIN = "plain"
    LARGE = "large"
    REPLACED = "replaced"
    OBJECTS = "objects"
    DISPUTES = "disputes"
    SILENT = "silent"
    LOST = "lost"
    HOLDS_BACK = "holds-back"
    WITHDRAWN = "withdrawn"
    UNENCRYPTED = "unencrypted"
    LATE = "late"
    COPIED = "copied"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One bidder's price in fen, and its fate."""

    key: str
    fate: Fate
    price: int


OFFERS = (
    Offer(key="bidder-1", fate=Fate.LARGE, price=171 * WAN + 234_500),
    Offer(key="bidder-2", fate=Fate.REPLACED, price=168 * WAN),
    Offer(key="bidder-3", fate=Fate.OBJECTS, price=173 * WAN + 880_000),
    Offer(key="bidder-4", fate=Fate.DISPUTES, price=169 * WAN + 999_999),
    Offer(key="bidder-5", fate=Fate.SILENT, price=175 * WAN + 10),
    Offer(key="bidder-6", fate=Fate.LOST, price=170 * WAN + 500_000),
    Offer(key="bidder-7", fate=Fate.HOLDS_BACK, price=172 * WAN),
    Offer(key="bidder-8", fate=Fate.PLAIN, price=181 * WAN),
    Offer(key="bidder-9", fate=Fate.WITHDRAWN, price=174 * WAN),
    Offer(key="bidder-10", fate=Fate.UNENCRYPTED, price=167 * WAN),
    Offer(key="bidder-11", fate=Fate.LATE, price=166 * WAN),
    Offer(key="bidder-12", fate=Fate.COPIED, price=165 * WAN),
)
"""Twelve bidders; the first eight have a bid that stands at the deadline. Number 8 is above the cap."""

STANDING = OFFERS[:8]


def of(fate: Fate) -> Offer:
    """The one of that fate."""
    return next(one for one in OFFERS if one.fate is fate)


def sheet(offer: Offer, player: Player, *, price: int | None = None) -> dict[str, Any]:
    """The opening sheet: fen and days, and the amount in capital numerals."""
    amount = offer.price if price is None else price
    return {
        "bid_price": amount, "bid_price_words": words_of(amount), "duration_days": 180, "quality": "合格",
        "project_manager": MANAGER, "bidder_name": player.firm.name, "uscc": player.firm.uscc,
    }  # fmt: skip


@dataclass(frozen=True)
class Packed:
    """A sealed bid on its bidder's own disk: the folder to hand in, the key file and its passphrase."""

    folder: Path
    key_file: Path
    passphrase: str
    sealed: Sealed

    def identity(self) -> str:
        """B, read back from the key file as its bidder does at the opening."""
        return read_key_file(self.key_file, self.passphrase).identity


def write_files(offer: Offer, player: Player, folder: Path, *, large: int) -> list[Path]:
    """The bid's own PDF files; *large* is the size of the drawings in MiB. Blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    name = player.firm.name
    lines = [f"{number}. {name} 对示例条款 {number} 的响应：完全响应，无偏离。" for number in range(1, 80)]
    files = [
        write_pdf(folder / "技术标.pdf", f"{name} 技术标", lines),
        write_pdf(folder / "商务标.pdf", f"{name} 商务标", lines[:20]),
    ]
    if offer.fate is Fate.LARGE:
        files.append(write_drawings(folder / "施工图.pdf", megabytes=large))
    return files


async def pack(play: Play, offer: Offer, files: list[Path], *, price: int | None = None) -> Packed:
    """Ask what to seal to, seal on this machine, keep the key file."""
    player = play.cast[offer.key]
    facts = await sealing_facts(player.call, play.tender_id)
    folder = play.home.folder(f"bids/{play.tender_id[-6:]}/{offer.key}") / f"round-{facts['round']}"
    order = Order(
        sheet=sheet(offer, player, price=price), docs=documents(files), folder=folder,
        passphrase=secrets.token_urlsafe(12),
    )  # fmt: skip
    sealed = await asyncio.to_thread(seal_bid, facts, order, signer=player.credential)
    return Packed(folder, order.key_path, order.passphrase, sealed)
