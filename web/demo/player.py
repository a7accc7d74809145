"""One who plays: a person with a certificate of its own, and its calls to the platform."""

from base64 import b64decode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from crypto.certificates import Credential
from crypto.certificates.credential import PrivateKey, new_key
from web.client import Client
from web.demo.cast import Firm, Part


@dataclass(frozen=True)
class Player:
    """A signed-in person; `call` is its client."""

    part: Part
    firm: Firm
    person_id: str
    organisation_id: str
    credential: Credential = field(repr=False)
    call: Client = field(repr=False)

    @property
    def name(self) -> str:
        """The firm's name for a bidder, the person's for everyone else."""
        return self.firm.name if self.part.key == self.firm.key else self.part.name

    @property
    def seat(self) -> dict[str, str]:
        """This person as a notice names a holder of a key."""
        return {"organisation_id": self.organisation_id, "person_id": self.person_id, "name": self.part.name}

    async def post(self, path: str, body: Any = None) -> Any:
        """POST as this person."""
        return await self.call.post(path, body)

    async def get(self, path: str, **query: Any) -> Any:
        """GET as this person."""
        return await self.call.get(path, **query)


def request_of(part: Part) -> tuple[PrivateKey, bytes]:
    """A fresh key, and a PKCS #10 request (PEM) that proves it: the key never leaves this process."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, part.name)])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return key, asked.public_bytes(Encoding.PEM)


def credential_of(key: PrivateKey, der: bytes, chain: list[str]) -> Credential:
    """The key with the certificate that was issued for it; *chain* is base64 of DER."""
    issuers = tuple(x509.load_der_x509_certificate(b64decode(one)) for one in chain)
    return Credential(x509.load_der_x509_certificate(der), key, issuers)


def keep(credential: Credential, folder: Path, part: Part, passphrase: str) -> Path:
    """Write the PKCS#12 file and its passphrase beside it; the path of the former."""
    path = folder / f"{part.key}.p12"
    path.write_bytes(credential.to_pkcs12(passphrase, name=part.key))
    path.with_suffix(".passphrase").write_text(passphrase + "\n", encoding="utf-8")
    return path
