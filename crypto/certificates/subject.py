"""Whom a certificate names: an organisation, and where there is one, a person of it."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

USCC_PREFIX = "CN-USCC:"
"""Before the 18 characters of a unified social credit code (GB 32100) in organizationIdentifier."""

_COMMON_NAME_BYTES = 64


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The names to be certified.

    `name` is the person's name, or the organisation's where no person is named; `uscc` the 18
    characters of the organisation's code; `person_pseudonym` what `pseudonym` made of an ID number.
    """

    name: str
    organisation: str | None = None
    uscc: str | None = None
    person_pseudonym: str | None = None

    def distinguished(self) -> x509.Name:
        """The X.509 name. A common name over 64 bytes is cut; the organisation name never is."""
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in self._parts() if value])

    def _parts(self) -> Iterator[tuple[x509.ObjectIdentifier, str | None]]:
        person = self.person_pseudonym
        yield NameOID.COUNTRY_NAME, "CN"
        yield NameOID.ORGANIZATION_NAME, self.organisation or (None if person else self.name)
        yield NameOID.ORGANIZATION_IDENTIFIER, self.uscc and USCC_PREFIX + self.uscc
        yield NameOID.COMMON_NAME, _cut(self.name)
        yield NameOID.SERIAL_NUMBER, person


def pseudonym(id_number: str, *, pepper: bytes) -> str:
    """What stands for a personal ID number in a certificate (32 hex digits).

    Certificates are published with every record, and an ID number has too few values for a bare
    hash to hide it; only who holds *pepper* can tell that two pseudonyms could be the same person's
    number, while the same person always gets the same one (Personal Information Protection Law
    art. 6 and art. 51).
    """
    normal = id_number.strip().upper().encode()
    return hmac.new(pepper, b"qifeng/person/v1|" + normal, hashlib.sha256).hexdigest()[:32]


def _cut(name: str) -> str:
    return name.encode()[:_COMMON_NAME_BYTES].decode(errors="ignore")
