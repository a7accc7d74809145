"""The files of the bidding documents: their bytes lie in the vault, their names and hashes in the terms."""

from dataclasses import dataclass, replace

from bidding.acts.tender import DocumentStored
from bidding.refusals.tender import TenderOutOfOrder
from bidding.tender.queries import documents, lock_tender, terms_of
from bidding.tender.service.moves import rewrite
from bidding.tender.states import RUNNING, TenderState
from bidding.tender.tables import Document, Tender
from crypto.ledger import Unit
from crypto.ledger.ids import new_id


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file that is durable in the vault under `key`; size in bytes, SHA-256 in hex."""

    name: str
    size: int
    sha256: str
    key: str


async def store_document(unit: Unit, tender_id: str, file: StoredFile) -> Document:
    """Put a stored file among the tender's documents.

    In a draft it joins the terms, in place of one of the same name; after publication it waits for the
    amendment that names it. Raises TenderOutOfOrder once the deadline has fallen.
    """
    tender = await lock_tender(unit, tender_id)
    if tender.state not in RUNNING | {TenderState.DRAFT}:
        raise TenderOutOfOrder(state=tender.state.value, attempted=DocumentStored.kind)
    for known in await documents(unit.session, tender_id):
        if (known.name, known.sha256) == (file.name, file.sha256):
            return known
    row = Document(id=new_id(), tender_id=tender_id, stored_at=await unit.now(), **vars(file))
    unit.session.add(row)
    if tender.state is TenderState.DRAFT:
        _name(tender, file)
    act = DocumentStored(tender_id=tender_id, name=file.name, size=file.size, sha256=file.sha256)
    await unit.record(act)
    return row


def _name(tender: Tender, file: StoredFile) -> None:
    terms = terms_of(tender)
    others = [one for one in terms.documents if one["name"] != file.name]
    named = {"name": file.name, "size": file.size, "sha256": file.sha256}
    rewrite(tender, replace(terms, documents=(*others, named)))
