"""Everything that can fail to verify, each under its own name.

A check in this package returns what it proved or raises one of these; none of them is ever
reported as `False` or `None`.
"""


class CryptoError(Exception):
    """Something does not verify."""


class NotCanonical(CryptoError):
    """The bytes are not canonical JSON (RFC 8785), or the value has no such form here."""


class SealBroken(CryptoError):
    """A ciphertext was altered, cut short or continued."""


class HeaderMalformed(CryptoError):
    """The bytes are not an age v1 header (c2sp.org/age)."""


class ArmorMalformed(HeaderMalformed):
    """The text is not a strictly armored age file."""


class HeaderForged(SealBroken):
    """The header opened, but its MAC is another's."""


class NoIdentityMatched(CryptoError):
    """None of the identities at hand opens this file."""


class KeyMalformed(CryptoError):
    """The text is not an age recipient or identity."""


class KeyFileBroken(CryptoError):
    """The key file is damaged, of another form, or the passphrase is not its own."""


class SharesInsufficient(CryptoError):
    """The shares at hand do not recover the key that was escrowed."""


class LivenessUnproven(CryptoError):
    """The answer does not prove that the holder still has the key."""


class StatementInvalid(CryptoError):
    """A sealed submission is refused; `code` names the failed check, `detail` the fact."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class SourceUnsealable(CryptoError):
    """A file that was to be sealed is missing, has no safe name, or changed meanwhile."""


class ManifestMismatch(CryptoError):
    """An opened archive is not the one its manifest and its context speak of."""


class SignatureInvalid(CryptoError):
    """A signature does not belong to these bytes and this certificate."""


class CertificateInvalid(CryptoError):
    """A certificate is not trusted for this use at this instant."""


class CertificateRevoked(CertificateInvalid):
    """The issuer had withdrawn the certificate by this instant."""


class ChallengeExpired(CryptoError):
    """The answer came after the challenge had lapsed."""


class TimestampInvalid(CryptoError):
    """A time stamp (RFC 3161) does not attest these bytes."""


class NoteInvalid(CryptoError):
    """A signed note (C2SP signed-note) is malformed or not signed by whom it must be."""


class ProofInvalid(CryptoError):
    """An inclusion or consistency proof (RFC 6962) does not lead to the root."""


class LedgerBroken(CryptoError):
    """The ledger and the log no longer tell the same story."""


class DrawInvalid(CryptoError):
    """A draw does not follow from what its parties committed to."""


class DocumentInvalid(CryptoError):
    """A signed PDF is altered, or its signature is not trusted."""
