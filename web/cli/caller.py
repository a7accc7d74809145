"""The platform as a command sees it: connected, and signed in where the command needs a certificate."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from crypto.certificates.credential import Credential
from web.cli.errors import Code, Stop
from web.cli.options import cert_passphrase
from web.client import Client, ClientError, load_credential

_T = TypeVar("_T")


def run(work: Coroutine[Any, Any, _T]) -> _T:
    """Run *work* to its end."""
    return asyncio.run(work)


@dataclass(frozen=True)
class Caller:
    """Where the platform is and who calls; the certificate is opened once."""

    url: str
    cert: Path | None = None
    secret: Path | None = None
    ca: Path | None = None

    def credential(self) -> Credential:
        """The caller's certificate and key. Raises Stop, KeyFileBroken."""
        if self.cert is None:
            raise Stop(
                Code.INPUT, "需要数字证书", "a certificate is needed",
                remedy_zh="请用 --cert 或 QIFENG_CERT 指定证书文件。",
                remedy_en="Give it by --cert or QIFENG_CERT.",
            )  # fmt: skip
        return load_credential(self.cert, cert_passphrase(self.secret))

    @asynccontextmanager
    async def signed_in(self, credential: Credential | None = None) -> AsyncIterator[Client]:
        """A client signed in for the length of the block, and out again after it."""
        known = credential or self.credential()
        async with Client(self.url, credential=known, device="qifeng cli", ca=self.ca) as client:
            await client.sign_in()
            try:
                yield client
            finally:
                with contextlib.suppress(ClientError):
                    await client.sign_out()

    @asynccontextmanager
    async def anyone(self) -> AsyncIterator[Client]:
        """A client that is nobody in particular, or signed in where a certificate was given."""
        if self.cert is not None:
            async with self.signed_in() as client:
                yield client
        else:
            async with Client(self.url, ca=self.ca) as client:
                yield client
