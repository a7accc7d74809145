"""Calls to the platform: one HTTP session, a bearer token, and refusals as exceptions."""

import asyncio
import json
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from cryptography.hazmat.primitives.serialization import Encoding

from crypto.certificates.credential import Credential
from crypto.challenge import LOGIN, Challenge
from crypto.errors import SignatureInvalid
from web.client.answers import ClientError, Refused, Unreachable
from web.client.credentials import sign

STEP_UP = "step-up-needed"
_FAILURES = (aiohttp.ClientError, TimeoutError, OSError)
_PORTS = {"http": 80, "https": 443}
_PIECE = 1 << 18


class Client:
    """A caller of the platform at *url*; anonymous until `sign_in`, or with the *token* of a session.

    A refusal that asks for a fresh signature is answered with *credential*, where there is one, and the
    call made again. Use as an asynchronous context manager.
    """

    def __init__(
        self,
        url: str,
        *,
        credential: Credential | None = None,
        token: str | None = None,
        device: str = "qifeng",
        seconds: float = 60.0,
        ca: Path | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.credential = credential
        self.token = token
        self.device = device
        self._timeout = aiohttp.ClientTimeout(total=None, connect=15.0, sock_read=seconds)
        self._ca = ca
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(timeout=self._timeout, connector=self._connector())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let the connections go; the platform's session stays until it is signed out of or ends."""
        if self._http is not None:
            await self._http.close()

    @property
    def http(self) -> aiohttp.ClientSession:
        """The open HTTP session."""
        if self._http is None:
            raise RuntimeError("use `async with Client(…)`")
        return self._http

    @property
    def domain(self) -> str:
        """Host and port as sign-in challenges name them: the port only where it is not the scheme's own."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        if parts.port in {None, _PORTS.get(parts.scheme)}:
            return str(host)
        return f"{host}:{parts.port}"

    @property
    def authorization(self) -> dict[str, str]:
        """The header that carries the session, empty while nobody is signed in."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Any:
        """The JSON of the answer (text where it is none, None where it is empty).

        *key* is the Idempotency-Key. Raises Refused, Unreachable.
        """
        headers = {"Idempotency-Key": key} if key else {}
        try:
            return await self._call(method, path, body, query, headers)
        except Refused as refused:
            if refused.code != STEP_UP or self.credential is None:
                raise
            await self.step_up(str(refused.facts["purpose"]).removeprefix("step-up:"))
        return await self._call(method, path, body, query, headers)

    async def get(self, path: str, **query: Any) -> Any:
        """GET *path*; None among *query* is left out."""
        return await self.call("GET", path, query={k: v for k, v in query.items() if v is not None})

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """POST *body* as JSON."""
        return await self.call("POST", path, body, key=key)

    async def sign_in(self, credential: Credential | None = None) -> dict[str, Any]:
        """Sign in with *credential* (or the client's own) and keep the token; the answer of the platform.

        Raises Refused, and ClientError where the question is not one to be signed.
        """
        self.credential = credential or self.credential
        if self.credential is None:
            raise ClientError("a certificate is needed to sign in")
        asked = await self.call("POST", "/api/session/challenge")
        answer = self._answered(asked, LOGIN) | {
            "certificate": _der(self.credential.certificate),
            "chain": [_der(one) for one in self.credential.chain],
            "device": self.device,
            "carrier": "bearer",
        }
        signed_in: dict[str, Any] = await self.call("POST", "/api/session", answer)
        self.token = signed_in["token"]
        return signed_in

    async def sign_out(self) -> None:
        """End the session at the platform."""
        await self.call("DELETE", "/api/session")
        self.token = None

    async def step_up(self, act: str) -> dict[str, Any]:
        """Confirm the legal act *act* with the certificate; holds for five minutes. Raises Refused."""
        asked = await self._call("POST", "/api/session/step-up/challenge", {"act": act}, None, {})
        body = {"act": act, **self._answered(asked, f"step-up:{act}")}
        stepped: dict[str, Any] = await self._call("POST", "/api/session/step-up", body, None, {})
        return stepped

    async def confirm(self, sha256: str) -> dict[str, str]:
        """Sign for the document of this digest (hex): {nonce, signature}, as the act on it takes them."""
        asked = await self.call("POST", "/api/session/step-up/challenge", {"sha256": sha256})
        return self._answered(asked, f"confirm:{sha256}")

    async def read(self, path: str, **query: Any) -> bytes:
        """The bytes at *path*, whole; for small files. Raises Refused, Unreachable."""
        async with self.request("GET", path, params=_plain(query)) as response:
            return await response.read()

    async def download(
        self, path: str, dest: Path, *, on_progress: Callable[[int, int], None] | None = None, **query: Any
    ) -> None:
        """Write what is at *path* to *dest*, which appears whole or not at all."""
        part = dest.with_name(dest.name + ".part")
        async with self.request("GET", path, params=_plain(query)) as response:
            size = response.content_length or 0
            with part.open("wb") as out:
                async for chunk in response.content.iter_chunked(_PIECE):
                    await asyncio.to_thread(out.write, chunk)
                    if on_progress:
                        on_progress(out.tell(), size)
        part.replace(dest)

    @asynccontextmanager
    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """The open answer to any request, once it is known to be no refusal. Raises Refused, Unreachable."""
        sent = {**self.authorization, **(headers or {})}
        try:
            async with self.http.request(method, self.url + path, headers=sent, **more) as response:
                if not response.ok:
                    raise await _refusal(response)
                yield response
        except _FAILURES as error:
            raise Unreachable(f"{method} {self.url}{path}: {str(error) or type(error).__name__}") from error

    async def _call(
        self, method: str, path: str, body: Any, query: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> Any:
        more: dict[str, Any] = {"params": _plain(query or {})}
        if body is not None:
            more["json"] = body
        async with self.request(method, path, headers=headers, **more) as response:
            text = await response.text()
            return json.loads(text) if "json" in response.content_type and text else text or None

    def _answered(self, asked: Mapping[str, Any], purpose: str) -> dict[str, str]:
        if self.credential is None:
            raise ClientError("a certificate is needed to confirm a legal act")
        message = str(asked["message"]).encode()
        _refuse_odd_question(message, domain=self.domain, purpose=purpose)
        signature = b64encode(sign(self.credential, message)).decode()
        return {"nonce": str(asked["nonce"]), "signature": signature}

    def _connector(self) -> aiohttp.TCPConnector:
        if self._ca is None:
            return aiohttp.TCPConnector(limit=64)
        return aiohttp.TCPConnector(limit=64, ssl=ssl.create_default_context(cafile=str(self._ca)))


def _refuse_odd_question(message: bytes, *, domain: str, purpose: str) -> None:
    # A signature is given for what its user meant, at the platform that was meant, and nothing else.
    try:
        question = Challenge.parse(message)
    except SignatureInvalid as error:
        raise ClientError(f"the platform asked for a signature over something else: {error}") from None
    if (question.domain, question.purpose) != (domain, purpose):
        raise ClientError(
            f"asked to sign {question.purpose!r} for {question.domain!r}, not {purpose!r} for {domain!r}"
        )


async def _refusal(response: aiohttp.ClientResponse) -> Refused:
    after = response.headers.get("Retry-After", "")
    try:
        problem = json.loads(await response.text())
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    problem.setdefault("title", response.reason or "")
    return Refused(response.status, problem, retry_after=int(after) if after.isdecimal() else None)


def _der(certificate: Any) -> str:
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _plain(query: Mapping[str, Any]) -> dict[str, str]:
    spelled = {True: "true", False: "false"}
    return {
        name: spelled[value] if isinstance(value, bool) else str(value)
        for name, value in query.items()
        if value is not None
    }
