"""How an instant is written in a draw: UTC, microseconds, Z."""

from datetime import UTC, datetime


def write(at: datetime) -> str:
    """`2026-03-02T04:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """The aware UTC instant; ValueError for a text without an offset."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"an instant without its offset: {text}")
    return at.astimezone(UTC)
