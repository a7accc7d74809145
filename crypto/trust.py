"""The trust file: all that an offline verifier must be given by someone she trusts, as one JSON file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography import x509

from crypto.certificates import OutsideAuthority, Profile, TrustStore
from crypto.errors import CertificateInvalid, NoteInvalid
from crypto.policy import Policy
from crypto.vkeys import VerifierKey

FORMAT = "qifeng-trust/1"


@dataclass(frozen=True)
class Trust:
    """The log's key, its witnesses and how many must agree; roots of certificates and of time stamps.

    Keys are signed-note verifier keys as text; roots are PEM, and intermediates may stand among those of
    time stamps. A quorum of 0 means that the log is only attested by itself: verifiers say so.
    """

    log_vkey: str
    witnesses: tuple[str, ...] = ()
    quorum: int = 0
    ca_roots_pem: tuple[str, ...] = ()
    tsa_roots_pem: tuple[str, ...] = ()

    @property
    def policy(self) -> Policy:
        """Whom to believe about a checkpoint; NoteInvalid where a key is none or the quorum impossible."""
        return Policy.threshold(
            VerifierKey.parse(self.log_vkey), map(VerifierKey.parse, self.witnesses), self.quorum
        )

    @property
    def ca_store(self) -> TrustStore:
        """The roots that bidders' and staff certificates lead to; CertificateInvalid where one is none."""
        return TrustStore(roots=tuple(filter(_is_root, _certificates(self.ca_roots_pem))))

    @property
    def tsa_store(self) -> TrustStore:
        """The authorities that time stamps lead to, our own or outside; CertificateInvalid as `ca_store`."""
        roots = filter(_is_root, _certificates(self.tsa_roots_pem))
        return TrustStore(outside=tuple(OutsideAuthority(root=one, profile=Profile.TSA) for one in roots))

    @property
    def tsa_chain(self) -> list[x509.Certificate]:
        """The intermediates that stand beside the roots of time stamps; not trusted by themselves."""
        return [one for one in _certificates(self.tsa_roots_pem) if not _is_root(one)]

    def dumps(self) -> str:
        """As JSON text."""
        return json.dumps({"v": FORMAT} | asdict(self), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def loads(cls, text: str) -> "Trust":
        """Read JSON text; NoteInvalid where it is no trust file, a key is none, or a quorum impossible."""
        try:
            trust = cls(**_fields(json.loads(text)))
        except (ValueError, TypeError, KeyError) as why:
            raise NoteInvalid(f"not a trust file: {why}") from None
        _ = trust.policy  # a file that can never verify anything is refused here, not later
        return trust

    def dump(self, path: Path) -> None:
        """Write the file."""
        path.write_text(self.dumps(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Trust":
        """Read the file; NoteInvalid as `loads`, OSError where it cannot be read."""
        return cls.loads(path.read_text(encoding="utf-8", errors="replace"))


def _fields(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or raw.pop("v") != FORMAT:
        raise ValueError("another format")
    alone = {"log_vkey": str(raw.pop("log_vkey")), "quorum": raw.pop("quorum", 0)}
    if type(alone["quorum"]) is not int:
        raise ValueError("a quorum is a whole number")
    return alone | {name: _texts(value) for name, value in raw.items()}


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError("a list of other things than text")
    return tuple(values)


def _certificates(pems: tuple[str, ...]) -> list[x509.Certificate]:
    try:
        return [one for pem in pems for one in x509.load_pem_x509_certificates(pem.encode())]
    except ValueError as why:
        raise CertificateInvalid(f"not a root in PEM: {why}") from None


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.issuer == certificate.subject
