"""What the log says of itself in JSON; its own files are notes and tiles."""

from web.views import View


class LogKeys(View):
    """Verifier keys (c2sp.org/signed-note) of the log and of its witnesses."""

    name: str
    vkey: str
    witnesses: list[str]
    quorum: int


class LogProofView(View):
    """A Merkle path (RFC 6962 §2.1), each hash in hex, in the order in which it is used."""

    path: list[str]
