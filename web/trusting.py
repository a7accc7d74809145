"""Whom this platform believes: its own authority, and those that the configuration names."""

import json
from datetime import datetime
from pathlib import Path

from cryptography import x509

from crypto.certificates import Authority, OutsideAuthority, Profile, TrustStore
from crypto.trust import Trust
from web.keyring import Keyring
from web.settings import Settings


def trust_store(settings: Settings, authority: Authority, *, now: datetime) -> TrustStore:
    """The store certificates are judged by, with the revocations as of *now*."""
    chosen, own = settings.trust, authority.trust(now=now)
    return TrustStore(
        roots=(*own.roots, *_pems(chosen.roots)),
        outside=tuple(_outside(path) for path in chosen.outside),
        crls=(*own.crls, *(x509.load_pem_x509_crl(path.read_bytes()) for path in chosen.crls)),
        crl_required=chosen.crl_required,
    )


def trust_file(settings: Settings, keys: Keyring) -> Trust:
    """What an outsider needs in order to verify without us; to be handed out by someone they trust."""
    own = _pem(keys.authority.root.certificate)
    tsa: tuple[str, ...] = (own, _pem(keys.authority.issuing.certificate))
    if settings.timestamps.authority == "outside":
        tsa = tuple(path.read_text() for path in settings.timestamps.roots)
    return Trust(
        log_vkey=str(keys.log_signer(settings.log.name).vkey),
        witnesses=settings.log.witnesses,
        quorum=settings.log.quorum,
        ca_roots_pem=(own, *(path.read_text() for path in settings.trust.roots)),
        tsa_roots_pem=tsa,
    )


def _outside(path: Path) -> OutsideAuthority:
    """A JSON file: `root` (a PEM file beside it), `profile`, `uscc_oid`."""
    told = json.loads(path.read_text())
    root = x509.load_pem_x509_certificate((path.parent / told["root"]).read_bytes())
    default = OutsideAuthority(root=root)
    return OutsideAuthority(
        root=root,
        profile=Profile(told.get("profile", default.profile)),
        uscc_oid=told.get("uscc_oid", default.uscc_oid),
    )


def _pems(paths: tuple[Path, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(one for path in paths for one in x509.load_pem_x509_certificates(path.read_bytes()))


def _pem(certificate: x509.Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM).decode()
