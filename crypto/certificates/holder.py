"""Whom a trusted certificate speaks for, read from its subject as its authority writes it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import NameOID

from crypto.certificates.credential import fingerprint
from crypto.certificates.profile import Profile

_USCC = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RTUWXY]{18}(?![0-9A-Z])")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """The holder of a certificate that was judged and trusted.

    `name` is the person's name for staff and experts, else the organisation's; `serial` the
    certificate's serial number in lower-case hex.
    """

    profile: Profile
    name: str
    organisation: str | None
    uscc: str | None
    person_pseudonym: str | None
    serial: str
    fingerprint_sha256: str


def read_holder(certificate: x509.Certificate, profile: Profile, *, uscc_oid: str) -> Holder:
    """The names in *certificate*; the code is sought under *uscc_oid* in subject, then extensions."""
    organisation = _attribute(certificate, NameOID.ORGANIZATION_NAME)
    common_name = _attribute(certificate, NameOID.COMMON_NAME) or ""
    of_person = profile in {Profile.STAFF, Profile.EXPERT}
    return Holder(
        profile=profile,
        name=common_name if of_person else organisation or common_name,
        organisation=organisation,
        uscc=_uscc(certificate, x509.ObjectIdentifier(uscc_oid)),
        person_pseudonym=_attribute(certificate, NameOID.SERIAL_NUMBER),
        serial=f"{certificate.serial_number:x}",
        fingerprint_sha256=fingerprint(certificate),
    )


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str | None:
    values = certificate.subject.get_attributes_for_oid(oid)
    return str(values[0].value) if values else None


def _uscc(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str | None:
    for text in _texts(certificate, oid):
        found = _USCC.search(text)
        if found:
            return found[0]
    return None


def _texts(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> Iterator[str]:
    for attribute in certificate.subject.get_attributes_for_oid(oid):
        yield str(attribute.value)
    for extension in certificate.extensions:
        if extension.oid == oid and isinstance(extension.value, x509.UnrecognizedExtension):
            yield _text_of(extension.value.value)


def _text_of(der: bytes) -> str:
    # Authorities put the code there as a DER string of some kind, or as bare characters.
    try:
        native = core.load(der, strict=True).native  # type: ignore[no-untyped-call]
    except ValueError:
        native = der
    if isinstance(native, bytes):
        return native.decode("ascii", errors="replace")
    return str(native)
