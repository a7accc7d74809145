"""Time stamps (RFC 3161) for checkpoints and records: of the built-in authority, or of one outside."""

import secrets
from hashlib import sha256
from typing import Protocol

import aiohttp

from crypto.certificates import Credential
from crypto.errors import TimestampInvalid
from crypto.ledger import Clock
from crypto.ledger.engine import Database
from crypto.timestamps import MAX_SIZE, request, token_of
from crypto.tsa import TimestampAuthority

_SERIAL_BITS = 62


class Stamper(Protocol):
    """Whoever gives time stamps here."""

    async def stamp(self, data: bytes) -> bytes:
        """The token (DER) over SHA-256 of *data*. Raises TimestampInvalid, also where no answer comes."""
        ...

    async def respond(self, asked: bytes) -> bytes:
        """The TimeStampResp (DER) to a TimeStampReq. Raises TimestampInvalid where none comes."""
        ...


class BuiltIn:
    """The pilot's own authority, by the database's clock."""

    def __init__(self, credential: Credential, db: Database, clock: Clock) -> None:
        self._authority, self._db, self._clock = TimestampAuthority(credential), db, clock

    async def stamp(self, data: bytes) -> bytes:
        """The token over *data*, at this instant."""
        asked = request(sha256(data).digest())
        return token_of(await self.respond(asked), asked)

    async def respond(self, asked: bytes) -> bytes:
        """The answer of this instant."""
        async with self._db.reading() as session:
            now = await self._clock(session)
        return self._authority.stamp(asked, now=now, serial=secrets.randbits(_SERIAL_BITS))


class Outside:
    """An authority elsewhere, asked over HTTP with a timeout."""

    def __init__(self, url: str, *, seconds: int) -> None:
        self._url, self._timeout = url, aiohttp.ClientTimeout(total=seconds)

    async def stamp(self, data: bytes) -> bytes:
        """The authority's token over *data*."""
        asked = request(sha256(data).digest())
        return token_of(await self.respond(asked), asked)

    async def respond(self, asked: bytes) -> bytes:
        """The authority's answer, whatever it says."""
        kind = {"Content-Type": "application/timestamp-query"}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.post(self._url, data=asked, headers=kind, allow_redirects=False) as answer,
            ):
                answer.raise_for_status()
                return await _small(answer.content)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TimestampInvalid(f"no time stamp from {self._url}: {error!r}") from None


async def _small(content: aiohttp.StreamReader) -> bytes:
    # A stranger's answer may not be a bomb.
    whole = b""
    async for piece in content.iter_any():
        whole += piece
        if len(whole) > MAX_SIZE:
            raise TimestampInvalid("an answer larger than any time stamp")
    return whole
