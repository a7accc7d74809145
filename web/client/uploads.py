"""Resumable uploads (tus 1.0): what the platform already holds is never sent again."""

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from web.client.answers import ClientError, Refused, Unreachable
from web.client.calls import Client

Progress = Callable[[str, int, int], None]

CHUNK = 8 << 20
_TUS = {"Tus-Resumable": "1.0.0"}
_OCTETS = "application/offset+octet-stream"
_SLICE = 1 << 18
_PATIENCE = 8
_CHECKSUM_MISMATCH = 460


class UploadGone(ClientError):
    """The platform no longer has the upload: it expired, or was given up. Begin anew."""


@dataclass(frozen=True)
class Piece:
    """The next bytes of a file, and their SHA-256."""

    offset: int
    data: bytes
    sha256: bytes

    @property
    def headers(self) -> dict[str, str]:
        return {
            **_TUS,
            "Content-Type": _OCTETS,
            "Content-Length": str(len(self.data)),
            "Upload-Offset": str(self.offset),
            "Upload-Checksum": f"sha256 {b64encode(self.sha256).decode()}",
        }


async def begin_upload(client: Client, tender_id: str, path: Path) -> str:
    """Announce the object in *path*; the id under which its bytes are sent. Raises Refused, Unreachable."""
    name, size = b64encode(path.name.encode()).decode(), await _size(path)
    headers = {**_TUS, "Upload-Length": str(size), "Upload-Metadata": f"name {name}"}
    address = f"/api/tenders/{tender_id}/uploads"
    async with client.request("POST", address, headers=headers) as response:
        return response.headers["Location"].rpartition("/")[2]


async def standing(client: Client, tender_id: str, upload_id: str) -> int:
    """How many bytes the platform holds. Raises UploadGone."""
    try:
        async with client.request("HEAD", _address(tender_id, upload_id), headers=_TUS) as response:
            return int(response.headers["Upload-Offset"])
    except Refused as refused:
        if refused.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise UploadGone(upload_id) from None
        raise


async def upload_file(
    client: Client,
    tender_id: str,
    path: Path,
    upload_id: str,
    *,
    chunk: int = CHUNK,
    on_progress: Progress | None = None,
) -> None:
    """Send what is missing of *path* in pieces of *chunk* bytes, each with its checksum.

    A broken connection is met by asking how far it came and going on there; at most one piece goes out
    twice. Raises UploadGone, Refused, Unreachable once the platform stays away for about a minute.
    """
    size, failures = await _size(path), 0
    offset: int | None = None
    while offset is None or offset < size:
        try:
            if offset is None:
                offset = await standing(client, tender_id, upload_id)
                _tell(on_progress, path, offset, size)
                continue
            piece = await asyncio.to_thread(_read, path, offset, chunk)
            offset = await _send(client, tender_id, upload_id, piece, path, size, on_progress)
            failures = 0
        except (Unreachable, Refused) as error:
            failures += 1
            await _wait_or_raise(error, failures)
            offset = None


async def _send(
    client: Client, tender_id: str, upload_id: str, piece: Piece, path: Path, size: int, tell: Progress | None
) -> int:
    async def slices() -> AsyncIterator[memoryview]:
        view = memoryview(piece.data)
        for start in range(0, len(view), _SLICE):
            yield view[start : start + _SLICE]
            _tell(tell, path, piece.offset + min(start + _SLICE, len(view)), size)

    address = _address(tender_id, upload_id)
    async with client.request("PATCH", address, headers=piece.headers, data=slices()) as response:
        return int(response.headers["Upload-Offset"])


async def _wait_or_raise(error: ClientError, failures: int) -> None:
    """Sleep before the next try; raise *error* where trying again cannot help."""
    passing = isinstance(error, Unreachable) or (
        isinstance(error, Refused)
        and (error.status in _PASSING or error.code == "upload-out-of-step" or error.status >= _SERVER_FAULT)
    )
    if not passing or failures >= _PATIENCE:
        raise error
    told = error.retry_after if isinstance(error, Refused) else None
    await asyncio.sleep(min(told if told is not None else 0.25 * 2**failures, 30.0))


_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, _CHECKSUM_MISMATCH}
_SERVER_FAULT = 500


async def _size(path: Path) -> int:
    return (await asyncio.to_thread(path.stat)).st_size


def _read(path: Path, offset: int, chunk: int) -> Piece:
    with path.open("rb") as src:
        src.seek(offset)
        data = src.read(chunk)
    return Piece(offset, data, hashlib.sha256(data).digest())


def _tell(on_progress: Progress | None, path: Path, done: int, size: int) -> None:
    if on_progress:
        on_progress(path.name, done, size)


def _address(tender_id: str, upload_id: str) -> str:
    return f"/api/tenders/{tender_id}/uploads/{upload_id}"
