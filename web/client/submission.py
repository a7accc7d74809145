"""Handing in a sealed folder: uploads that go on where they stopped, and one submit that happens once."""

import asyncio
import json
import os
import secrets
from base64 import b64encode
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from crypto.envelope.statement import SIGNATURE, STATEMENT
from web.client.answers import ClientError, Refused, Unreachable
from web.client.calls import Client
from web.client.uploads import CHUNK, Progress, UploadGone, begin_upload, standing, upload_file

STATE = "upload.json"
_TRIES = 6


class FolderUnsealed(ClientError):
    """The folder is not one that sealing left whole."""


@dataclass
class Submission:
    """How far the hand-in of a sealed folder has come, kept in `upload.json` among its files.

    `key` is the idempotency key, durable before the submit call leaves; `sent` says that it may have left.
    """

    folder: Path
    url: str
    tender_id: str
    statement_sha256: str
    key: str = field(default_factory=lambda: secrets.token_hex(16))
    uploads: dict[str, str] = field(default_factory=dict)
    sent: bool = False

    @classmethod
    def of(cls, folder: Path, client: Client, tender_id: str) -> Self:
        """The one that was begun for this very statement at this platform, or a new one."""
        fresh = cls(folder, client.url, tender_id, _statement_digest(folder))
        try:
            kept = json.loads((folder / STATE).read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return fresh
        same = all(
            kept.get(name) == getattr(fresh, name) for name in ("url", "tender_id", "statement_sha256")
        )
        return cls(folder, **kept) if same else fresh

    def keep(self) -> None:
        """Write it down, durable before this returns."""
        plain = {name: value for name, value in asdict(self).items() if name != "folder"}
        part = self.folder / f"{STATE}.part"
        with part.open("w", encoding="utf-8") as out:
            json.dump(plain, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        part.replace(self.folder / STATE)

    @property
    def objects(self) -> list[Path]:
        """The sealed files that go by upload, the small ones first."""
        files = [one for one in self.folder.iterdir() if one.suffix == ".age"]
        return sorted(files, key=lambda one: (one.stat().st_size, one.name))


async def submit(
    client: Client,
    tender_id: str,
    folder: Path,
    *,
    chunk: int = CHUNK,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Upload and submit the sealed *folder*; the receipt. Run again after any interruption.

    The signed statement travels last, in the submit call itself: what was not complete is no bid.
    Raises Refused, Unreachable, FolderUnsealed.
    """
    submission = Submission.of(folder, client, tender_id)
    receipt = await _outcome(client, submission) if submission.sent else None
    if receipt is not None:
        return receipt
    await upload_folder(client, submission, chunk=chunk, on_progress=on_progress)
    submission.sent = True
    submission.keep()
    return await _submit(client, submission)


async def upload_folder(
    client: Client, submission: Submission, *, chunk: int = CHUNK, on_progress: Progress | None = None
) -> None:
    """Bring every object of the folder to the platform whole. Raises Refused, Unreachable."""
    for path in submission.objects:
        await _bring(client, submission, path, chunk, on_progress)


async def _bring(
    client: Client, submission: Submission, path: Path, chunk: int, on_progress: Progress | None
) -> None:
    tender_id = submission.tender_id
    for last in (False, True):
        try:
            await _begin(client, submission, path)
            await upload_file(
                client, tender_id, path, submission.uploads[path.name], chunk=chunk, on_progress=on_progress
            )
        except UploadGone:
            submission.uploads.pop(path.name, None)
            if last:
                raise
        else:
            return


async def _begin(client: Client, submission: Submission, path: Path) -> None:
    """Make sure that the platform knows the upload; raises UploadGone where it forgot it."""
    if path.name in submission.uploads:
        await standing(client, submission.tender_id, submission.uploads[path.name])
        return
    submission.uploads[path.name] = await begin_upload(client, submission.tender_id, path)
    submission.keep()


async def _submit(client: Client, submission: Submission) -> dict[str, Any]:
    body = {
        "statement": _b64(submission.folder / STATEMENT),
        "signature": _b64(submission.folder / SIGNATURE),
        "objects": {path.name: submission.uploads[path.name] for path in submission.objects},
    }
    for tried in range(1, _TRIES + 1):
        try:
            return await _posted(client, submission, body)
        except (Unreachable, Refused) as error:
            if not _is_open(error) or tried == _TRIES:
                raise
        await asyncio.sleep(0.25 * 2**tried)
    raise AssertionError("the last try returns or raises")


async def _posted(client: Client, submission: Submission, body: dict[str, Any]) -> dict[str, Any]:
    # The key makes a second call the same call: whatever became of the first is what this one brings.
    receipt: dict[str, Any] = await client.post(
        f"/api/tenders/{submission.tender_id}/bids", body, key=submission.key
    )
    return receipt


def _is_open(error: ClientError) -> bool:
    """Whether *error* leaves it open what became of the call."""
    return isinstance(error, Unreachable) or (
        isinstance(error, Refused) and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    )


async def _outcome(client: Client, submission: Submission) -> dict[str, Any] | None:
    try:
        receipt: dict[str, Any] = await client.get(f"/api/bids/outcomes/{submission.key}")
    except Refused as refused:
        if refused.status == HTTPStatus.NOT_FOUND:
            return None
        raise
    return receipt


def _statement_digest(folder: Path) -> str:
    try:
        return sha256((folder / STATEMENT).read_bytes()).hexdigest()
    except OSError:
        raise FolderUnsealed(f"no {STATEMENT} in {folder}: was it sealed?") from None


def _b64(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()
