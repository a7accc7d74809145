"""What people send to the opening hall. Keys and shares are secrets: they are never logged or echoed."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Base64Bytes, Field, StringConstraints

from bidding.deposit.states import DepositStatus
from bidding.tender.terms import FewDecrypted
from web.forms import Form, Query

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Reason = Annotated[str, StringConstraints(min_length=2, max_length=300, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._~:@-]{1,200}$")]
Identity = Annotated[str, StringConstraints(pattern=r"^AGE-SECRET-KEY-1[0-9A-Z]{58}$")]
Hex32 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
DocumentNo = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class OpeningsQuery(Query):
    """The openings whose deadline lies between two instants; by default from yesterday to next week."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Discipline(Form):
    """The script that was read out."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=20_000)]


class AcceptanceRefusal(Form):
    """Refuse acceptance of a bid for a cause of K-06: late, unencrypted, not-prequalified."""

    bidder_id: Id
    cause: Annotated[str, StringConstraints(max_length=40)]
    reason: Reason


class IdentityCheck(Form):
    """What the host saw of a delegate."""

    bidder_id: Id
    is_ok: bool
    note: Note = ""


class DrawTerms(Form):
    """How long the parties of the draw have to commit and reveal, in seconds."""

    reveal_seconds: Annotated[int, Field(ge=10, le=3600)] = 120


class DrawCommitment(Form):
    """SHA-256 (hex) as of cryptography §4.2 D1."""

    commitment: Hex32


class DrawSecret(Form):
    """The 32 bytes (hex) that were committed to."""

    secret: Hex32


class BeaconForm(Form):
    """What was read off the beacon: numbers, or a drand signature in hex."""

    value: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Extension(Form):
    """More time for everyone, and why."""

    seconds: Annotated[int, Field(ge=1, le=86_400)]
    reason: Reason


class KeyForm(Form):
    """An age identity: the bidder's layer key, or a layer holder's."""

    identity: Identity


class ShareForm(Form):
    """A decrypted share in base64 (canonical JSON, crypto.envelope.fallback)."""

    bid_id: Id
    share: Annotated[Base64Bytes, Field(min_length=1, max_length=16_384)]


class Cause(Form):
    """Why."""

    cause: Reason


class IncidentForm(Form):
    """What went wrong; `bidder_id` where it concerns one bid."""

    text: Text
    bidder_id: Id | None = None


class FaultForm(Form):
    """A fault that is not the bidder's, decided on a reported incident (E-15)."""

    bidder_id: Id
    cause: Reason


class FewForm(Form):
    """What the bidding document provides when fewer than three bids opened."""

    decision: Annotated[FewDecrypted, Field(strict=False)]
    reason: Reason


class NoteForm(Form):
    """What is disputed."""

    note: Reason


class ObjectionForm(Form):
    """An objection, or the answer to one."""

    text: Text


class Remarks(Form):
    """Remarks at the foot of the record."""

    remarks: Annotated[str, StringConstraints(max_length=2000)] = ""


class SignatureForm(Form):
    """In which role on duty the caller signs."""

    role: Annotated[str, StringConstraints(max_length=40)]


class CloseForm(Form):
    """Why a signature is missing, where one is."""

    note: Note = ""


class PauseForm(Form):
    """Why the opening pauses; the supervisor names a document."""

    reason: Reason
    document_no: DocumentNo = ""
    resumes_at: Annotated[datetime, AwareDatetime, Field(strict=False)] | None = None


class ResumeForm(Form):
    """Why the opening goes on."""

    reason: Note = ""


class TerminationForm(Form):
    """Why the opening ends for good, by which document."""

    reason: Reason
    document_no: DocumentNo


class RevocationForm(Form):
    """Why the bidder revokes its bid after the deadline."""

    reason: Reason


class DepositForm(Form):
    """What the bank or the guarantor shows about one organisation: amount in fen."""

    uscc: Annotated[str, StringConstraints(min_length=18, max_length=18)]
    status: Annotated[DepositStatus, Field(strict=False)]
    amount_fen: Annotated[int, Field(ge=0, le=10**15)]
    reference: Annotated[str, StringConstraints(min_length=1, max_length=200)]
