"""Uploads over one bare socket with sendfile: a client that costs next to nothing."""

import socket
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Self


class Wire:
    """One HTTP/1.1 connection. `call` returns status, headers (lower case) and body."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def call(
        self, method: str, path: str, headers: Mapping[str, str], *, body: bytes = b""
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a small request and read the answer whole."""
        self._head(method, path, headers, len(body))
        self._socket.sendall(body)
        return self._answer()

    def send(
        self, method: str, path: str, headers: Mapping[str, str], file: Path, start: int, size: int
    ) -> tuple[int, dict[str, str], bytes]:
        """Send *size* bytes of *file* from *start* as the body, by sendfile."""
        self._head(method, path, headers, size)
        with file.open("rb") as src:
            self._socket.sendfile(src, start, size)
        return self._answer()

    def _head(self, method: str, path: str, headers: Mapping[str, str], size: int) -> None:
        named = {"Host": f"127.0.0.1:{self._port}", "Content-Length": str(size), **headers}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        self._socket.sendall("\r\n".join(lines).encode())

    def _answer(self) -> tuple[int, dict[str, str], bytes]:
        head = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        if headers.get("transfer-encoding") == "chunked":  # in answers measured here it is short or empty
            return int(head[0].split(" ")[1]), headers, self._until(b"0\r\n\r\n")
        size = int(headers.get("content-length", "0"))
        while len(self._rest) < size:
            self._more()
        body, self._rest = self._rest[:size], self._rest[size:]
        return int(head[0].split(" ")[1]), headers, body

    def _until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(end)
        return head

    def _more(self) -> None:
        got = self._socket.recv(64 * 1024)
        if not got:
            raise RuntimeError("the server hung up")
        self._rest += got


_TUS = {"Tus-Resumable": "1.0.0"}


def upload(wire: Wire, base: str, file: Path, headers: Mapping[str, str], *, name: str, part: int) -> str:
    """Upload *file* by tus in parts of *part* bytes; its id. RuntimeError at an answer that is not good."""
    size = file.stat().st_size
    told = {"Upload-Length": str(size), "Upload-Metadata": f"name {b64encode(name.encode()).decode()}"}
    status, answer, body = wire.call("POST", base, {**_TUS, **headers, **told})
    _refuse(status, 201, body)
    path = "/" + answer["location"].split("/", 3)[-1] if "://" in answer["location"] else answer["location"]
    octets = {**_TUS, **headers, "Content-Type": "application/offset+octet-stream"}
    for start in range(0, size, part):
        offset = {"Upload-Offset": str(start)}
        status, _, body = wire.send("PATCH", path, {**octets, **offset}, file, start, min(part, size - start))
        _refuse(status, 204, body)
    return path.rpartition("/")[2]


def discard(wire: Wire, base: str, upload_id: str, headers: Mapping[str, str]) -> None:
    """Give an upload up."""
    status, _, body = wire.call("DELETE", f"{base}/{upload_id}", {**_TUS, **headers})
    _refuse(status, 204, body)


def _refuse(status: int, wanted: int, body: bytes) -> None:
    if status != wanted:
        raise RuntimeError(f"answered {status} instead of {wanted}: {body[:300]!r}")
