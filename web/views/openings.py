"""The opening hall as it goes out; what may be seen was decided in bidding.opening.view."""

from collections.abc import Sequence
from datetime import datetime

from bidding.deposit.states import DepositStatus
from bidding.deposit.tables import DepositFact
from bidding.opening.queries import OpeningLine, ShareTask
from bidding.opening.record import RecordData
from bidding.opening.view import HallView
from crypto.ledger import Entry
from web.views import View


class ActLine(View):
    """One act that the call recorded, by its place in its stream."""

    kind: str
    audience: str
    seq: int
    at: datetime


class Acts(View):
    """What the call recorded, in order; empty where everything was so already."""

    acts: list[ActLine]


class OpeningList(View):
    """Openings by deadline, with the server's instant."""

    now: datetime
    openings: list[OpeningLine]


class HallAnswer(View):
    """The hall as the caller may see it at this stage."""

    hall: HallView


class RecordAnswer(View):
    """A version of the opening record."""

    record: RecordData


class ShareTasks(View):
    """The shares that the committee member is asked for."""

    shares: list[ShareTask]


class DepositView(View):
    """What is known of one's own deposit."""

    status: DepositStatus
    amount_fen: int
    is_confirmed: bool


def acts(entries: Sequence[Entry]) -> Acts:
    """The acts of one call."""
    return Acts(
        acts=[ActLine(kind=one.kind, audience=one.audience, seq=one.seq, at=one.at) for one in entries]
    )


def deposit(row: DepositFact) -> DepositView:
    """One's own deposit."""
    return DepositView(
        status=row.status, amount_fen=row.amount_fen, is_confirmed=row.confirmed_at is not None
    )
