"""A bidder's own sealed bids: what to seal to, submitting, withdrawing, receipts and outcomes."""

from aiohttp import web

from bidding.acts import bidder_stream
from bidding.acts.bid import BidSubmitted, BidWithdrawn
from bidding.bid import acceptance, queries, service
from bidding.bid.acceptance import SealedBid, SubmitOrder
from bidding.bid.outcomes import known_outcome
from bidding.bid.sealing import STAGE, sealing_facts
from bidding.bid.service import WithdrawOrder
from bidding.party.roles import Role
from bidding.refusals import Refusal
from bidding.refusals.bid import BidAbsent, OutcomeAbsent, ReceiptPending
from crypto.ledger import Entry, Unit, since
from crypto.receipts import promise
from web.call import Call
from web.endpoint import KILOBYTE, endpoint
from web.forms.bids import SubmitBid
from web.sequencing import proof_of
from web.views.bids import BidList, Receipt, SealingView, bid_list, receipt, sealing_view

BIDDER = frozenset({Role.BIDDER})
RECEIPTED = frozenset({BidSubmitted.kind, BidWithdrawn.kind})
_PROOF_SECONDS = 3.0


@endpoint("GET", "/api/tenders/{tender_id}/sealing", act="bid.read", roles=BIDDER, returns=SealingView,
          tag="bid", summary="密封要求", summary_en="What the next round must be sealed to")  # fmt: skip
async def read_sealing(call: Call) -> SealingView:
    async with call.reading() as session:
        facts = await sealing_facts(session, call.path["tender_id"], call.actor.organisation_id)
    return sealing_view(facts, stage=STAGE, max_part_bytes=call.app.settings.storage.max_part_bytes)


@endpoint("POST", "/api/tenders/{tender_id}/bids", act="bid.submitted", roles=BIDDER, body=SubmitBid,
          returns=Receipt, status=201, idempotent=True, max_body=512 * KILOBYTE, tag="bid",
          summary="提交投标文件", summary_en="Submit a sealed bid, or replace the one before")  # fmt: skip
async def submit_bid(call: Call, body: SubmitBid) -> Receipt:
    order = SubmitOrder(tender_id=call.path["tender_id"], key=call.idempotency_key, **dict(body))
    async with call.acting() as unit:
        entry = await _known(call, order) or await _submitted(call, unit, order)
    return await _receipt(call, entry)


@endpoint("DELETE", "/api/tenders/{tender_id}/bids/mine", act="bid.withdrawn", roles=BIDDER, returns=Receipt,
          idempotent=True, step_up=True, tag="bid",
          summary="撤回投标文件", summary_en="Withdraw my bid before the deadline")  # fmt: skip
async def withdraw_bid(call: Call) -> Receipt:
    order = WithdrawOrder(tender_id=call.path["tender_id"], key=call.idempotency_key)
    async with call.acting() as unit:
        taken = await service.withdraw(unit, order, actor=call.actor)
    return await _receipt(call, taken.entry)


@endpoint("GET", "/api/tenders/{tender_id}/bids/mine", act="bid.read", roles=BIDDER, returns=BidList,
          tag="bid", summary="本单位在本标段的各轮投标", summary_en="My rounds in this tender")  # fmt: skip
async def list_rounds(call: Call) -> BidList:
    async with call.reading() as session:
        rows = await queries.submissions(session, call.path["tender_id"], call.actor.organisation_id)
    return bid_list(rows)


@endpoint("GET", "/api/bids", act="bid.read", roles=BIDDER, returns=BidList, tag="bid",
          summary="本单位的投标", summary_en="My bids in all tenders")  # fmt: skip
async def list_bids(call: Call) -> BidList:
    async with call.reading() as session:
        return bid_list(await queries.my_bids(session, call.actor.organisation_id))


@endpoint("GET", "/api/bids/outcomes/{key}", act="bid.read", roles=BIDDER, returns=Receipt, tag="bid",
          summary="按幂等键查询结果", summary_en="What came of a call with an idempotency key")  # fmt: skip
async def read_outcome(call: Call) -> Receipt:
    async with call.reading() as session:
        known = await known_outcome(session, call.actor.organisation_id, key=call.path["key"])
    if known is None:
        raise OutcomeAbsent(key=call.path["key"])
    return await _receipt(call, known.entry)


@endpoint("GET", "/api/tenders/{tender_id}/receipts/{seq}", act="bid.read", roles=BIDDER, returns=Receipt,
          tag="bid", summary="回执", summary_en="The receipt of one of my acts")  # fmt: skip
async def read_receipt(call: Call) -> Receipt:
    return await _receipt(call, await _entry(call))


@endpoint("GET", "/api/tenders/{tender_id}/receipts/{seq}/proof", act="bid.read", roles=BIDDER,
          media="text/plain", tag="bid", summary="回执证明文件",
          summary_en="The receipt as a .tlog-proof file")  # fmt: skip
async def read_proof(call: Call) -> web.Response:
    entry = await _entry(call)
    proof = await proof_of(call.app, entry.id, seconds=_PROOF_SECONDS)
    if proof is None:
        raise ReceiptPending(seq=entry.seq)
    name = f"{entry.stream.replace('/', '-')}-{entry.seq}.tlog-proof"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=proof, headers=headers)


async def _known(call: Call, order: SubmitOrder) -> Entry | None:
    async with call.reading() as session:
        known = await known_outcome(session, call.actor.organisation_id, key=order.key, body=order.sha256)
    return known.entry if known is not None else None


async def _submitted(call: Call, unit: Unit, order: SubmitOrder) -> Entry:
    try:
        sealed = await _prepare(call, order)
    except Refusal:
        # The same call, whose answer was lost, may have been taken while this one was being judged.
        known = await _known(call, order)
        if known is None:
            raise
        return known
    return (await service.submit(unit, sealed, actor=call.actor)).entry


async def _prepare(call: Call, order: SubmitOrder) -> SealedBid:
    """All the heavy judging: the act's own transaction has not begun yet, and no lock is held."""
    app = call.app
    async with call.reading() as session:
        now = await app.clock(session)
        return await acceptance.prepare(
            session, order, actor=call.actor, vault=app.vault, trust=app.trust, now=now
        )


async def _entry(call: Call) -> Entry:
    stream = bidder_stream(call.path["tender_id"], call.actor.organisation_id)
    text = call.path["seq"]
    if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004 -- fits any database
        raise BidAbsent
    async with call.reading() as session:
        found = [one for one in await since(session, stream, int(text) - 1, limit=1) if one.seq == int(text)]
    if not found or found[0].kind not in RECEIPTED:
        raise BidAbsent
    return found[0]


async def _receipt(call: Call, entry: Entry) -> Receipt:
    """The proof as soon as a checkpoint covers the act; the platform's signed word where none comes."""
    proof = await proof_of(call.app, entry.id, seconds=_PROOF_SECONDS)
    if proof is not None:
        return receipt(entry, proof=proof, promise=None)
    word = promise(entry, signer=call.app.log_signer, at=entry.at)
    return receipt(entry, proof=None, promise=word.dumps())
