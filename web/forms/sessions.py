"""Signing in and stepping up, as they come in. Binary values are base64 (RFC 4648 §4), padded."""

from base64 import b64decode
from typing import Annotated, Literal

from cryptography import x509
from pydantic import AfterValidator, Field, StringConstraints

from web.forms import Form

_BASE64 = r"^[A-Za-z0-9+/]+={0,2}$"


def _decodes(text: str) -> str:
    b64decode(text, validate=True)
    return text


def _is_certificate(text: str) -> str:
    x509.load_der_x509_certificate(b64decode(text, validate=True))
    return text


Signature = Annotated[
    str, StringConstraints(min_length=4, max_length=4096, pattern=_BASE64), AfterValidator(_decodes)
]
CertificateText = Annotated[
    str, StringConstraints(min_length=4, max_length=16384, pattern=_BASE64), AfterValidator(_is_certificate)
]
Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
ActName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,79}$")]


def certificate_of(text: str) -> x509.Certificate:
    """The certificate that a validated field spells."""
    return x509.load_der_x509_certificate(b64decode(text))


class SignIn(Form):
    """The answer to a sign-in challenge.

    `certificate` and `chain` are DER; `signature` is over the challenge's message: ECDSA as DER or
    r ‖ s, RSA as PSS or PKCS #1 v1.5, SHA-256 always. With `bearer` the token comes in the answer,
    with `cookie` in an HttpOnly cookie and nowhere else.
    """

    nonce: Nonce
    signature: Signature
    certificate: CertificateText
    chain: Annotated[tuple[CertificateText, ...], Field(max_length=4)] = ()
    device: Annotated[str, StringConstraints(max_length=200)] = ""
    carrier: Literal["cookie", "bearer"] = "cookie"


class AskStepUp(Form):
    """A challenge to confirm a legal act (`act`) or a document (`sha256`): exactly one of the two."""

    act: ActName | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None

    def purpose(self) -> str | None:
        """The purpose to be signed, None unless exactly one was given."""
        if (self.act is None) == (self.sha256 is None):
            return None
        return f"step-up:{self.act}" if self.act else f"confirm:{self.sha256}"


class StepUp(Form):
    """The answer to a step-up challenge, signed with the session's own certificate."""

    act: ActName
    nonce: Nonce
    signature: Signature
