"""From draft to notice: the guards, the ceremony of the keys, the hash that everyone can recompute."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bidding.acts import bidder_stream, desk_stream, public_stream
from bidding.party.queries import roles_on
from bidding.party.roles import Role
from bidding.refusals.tender import (
    DocumentUnstored,
    DraftStale,
    KeyUnproven,
    LivenessUnasked,
    LivenessWrong,
    LotKnown,
    NotAHolder,
    NotYourProject,
    PreparationTooShort,
    RecipientMalformed,
    TenderOutOfOrder,
    VenueUnexplained,
)
from bidding.tender.queries import terms_of, versions
from bidding.tender.service.drafts import NewProject, NewTender, create_project, draft_tender, edit_draft
from bidding.tender.service.due import due, perform
from bidding.tender.service.holders import (
    HolderName,
    Holders,
    ask_liveness,
    give_key,
    name_holders,
    prove_liveness,
)
from bidding.tender.service.publication import Publication, publish
from bidding.tender.states import TenderState
from bidding.tender.terms import Regime
from crypto import jcs
from crypto.age import generate_identity, recipient_of
from crypto.keys import answer
from crypto.ledger import since
from tests.bidding.tender import makers
from tests.bidding.tender.makers import AGENCY, DAY, HOST, OWNER, actor, drafted, kinds, on_sale, unit
from tests.conftest import NOON, TICK

SMALL = {
    "regime": Regime.LOCAL_SMALL, "is_mandatory": False, "estimate_fen": 100_000_000,
    "price_cap_fen": 90_000_000, "deposit_fen": 0,
}  # fmt: skip


async def test_the_published_hash_is_that_of_the_terms_in_the_public_act(session):
    tender = await on_sale(session)
    first, _ = await since(session, public_stream(tender.id), 0)
    body = jcs.parse(first.text.encode())["body"]
    assert jcs.digest(body["terms"]).hex() == body["notice_sha256"] == tender.notice_sha256
    assert body["terms"]["layers"][0]["recipient"].startswith("age1")
    assert (tender.state, tender.version) == (TenderState.BIDDING, 1)


async def test_what_the_law_blocks_is_not_published_and_changes_nothing(session):
    tender, _ = await drafted(session, bid_deadline=NOON + 20 * DAY - TICK)
    with pytest.raises(PreparationTooShort):
        await publish(unit(session), Publication(tender_id=tender.id))
    assert tender.state is TenderState.DRAFT
    assert await kinds(session, public_stream(tender.id)) == []


async def test_a_warning_does_not_stop_a_small_tender_and_is_logged_with_its_reason(session):
    tender, _ = await drafted(session, **SMALL, venue="township", docs_until=NOON + DAY)
    reasons = {"sale-too-short": "小型工程，公示 1 日。"}
    await publish(unit(session), Publication(tender_id=tender.id, reasons=reasons))
    last = (await since(session, desk_stream(tender.id), 0))[-1]
    body = jcs.parse(last.text.encode())["body"]
    assert (last.kind, body["code"], body["reason"]) == (
        "tender.warning-overridden", "sale-too-short", "小型工程，公示 1 日。",
    )  # fmt: skip


@pytest.mark.parametrize("reasons", [{}, {"venue-unexplained": "  "}])
async def test_a_lower_venue_than_recommended_needs_its_reason(session, reasons):
    tender, _ = await drafted(session, **SMALL | {"estimate_fen": 300_000_000}, venue="township")
    with pytest.raises(VenueUnexplained):
        await publish(unit(session), Publication(tender_id=tender.id, reasons=reasons))
    reasons = {"venue-unexplained": "乡镇平台就近。"}
    await publish(unit(session), Publication(tender_id=tender.id, reasons=reasons))
    assert tender.state is TenderState.BIDDING


async def test_a_document_that_was_never_stored_cannot_be_named(session):
    tender, _ = await drafted(session)
    tender.terms = tender.terms | {"documents": [{"name": "别的.pdf", "size": 1, "sha256": "00" * 32}]}
    with pytest.raises(DocumentUnstored):
        await publish(unit(session), Publication(tender_id=tender.id))


async def test_the_documents_are_offered_by_the_clock_once_their_hour_has_come(session):
    opens = NOON + 2 * DAY
    tender = await on_sale(session, docs_from=opens, docs_until=NOON + 8 * DAY, bid_deadline=NOON + 23 * DAY)
    assert tender.state is TenderState.NOTICE_PUBLISHED
    assert await due(session, now=opens - TICK) == []
    for kind, name in 2 * await due(session, now=opens):
        await perform(unit(session, opens), kind, name)
    assert tender.state is TenderState.BIDDING
    assert await kinds(session, public_stream(tender.id)) == ["notice.published", "documents.offered"]


async def test_whom_the_desk_invites_is_told_in_private_and_published_nowhere(session):
    invited = ("org-a", "org-b", "org-c")
    tender = await on_sale(session, is_invited=True, invited=invited)
    (notice, *_) = await since(session, public_stream(tender.id), 0)
    assert "org-a" not in notice.text
    assert await kinds(session, bidder_stream(tender.id, "org-a")) == ["bidder.invited"]
    assert tender.invited == list(invited)
    assert [one.terms["invited"] for one in await versions(session, tender.id)] == [[]]


async def test_a_key_must_be_proven_before_publication_and_not_too_long_ago(session):
    tender, _ = await drafted(session, docs_from=NOON + 8 * DAY, docs_until=NOON + 14 * DAY,
                              bid_deadline=NOON + 30 * DAY)  # fmt: skip
    with pytest.raises(KeyUnproven) as refused:
        await publish(unit(session, NOON + 7 * DAY + TICK), Publication(tender_id=tender.id))
    assert refused.value.names == "org-owner、org-supervisor"
    await publish(unit(session, NOON + 7 * DAY), Publication(tender_id=tender.id))


async def test_only_the_key_in_hand_answers_the_question_and_only_once_and_in_time(session):
    tender, _ = await drafted(session)
    holder, identity = actor(OWNER), generate_identity()
    await give_key(unit(session), tender.id, recipient_of(identity), actor=holder)
    proof = await ask_liveness(unit(session), tender.id, actor=holder)
    with pytest.raises(LivenessWrong):
        await prove_liveness(unit(session), tender.id, proof.id, "0" * 64, actor=holder)
    nonce = answer(identity, proof.challenge)
    with pytest.raises(LivenessUnasked):
        await prove_liveness(unit(session, NOON + DAY + TICK), tender.id, proof.id, nonce, actor=holder)
    await prove_liveness(unit(session, NOON + DAY), tender.id, proof.id, nonce, actor=holder)
    with pytest.raises(LivenessUnasked):
        await prove_liveness(unit(session, NOON + DAY), tender.id, proof.id, nonce, actor=holder)


async def test_a_new_key_has_to_be_proven_anew(session):
    tender, _ = await drafted(session)
    await give_key(unit(session), tender.id, recipient_of(generate_identity()), actor=actor(OWNER))
    with pytest.raises(KeyUnproven):
        await publish(unit(session), Publication(tender_id=tender.id))


async def test_a_stranger_gives_no_key_and_a_holder_no_nonsense(session):
    tender, _ = await drafted(session)
    with pytest.raises(NotAHolder):
        await give_key(unit(session), tender.id, recipient_of(generate_identity()), actor=actor("org-x"))
    with pytest.raises(RecipientMalformed):
        await give_key(unit(session), tender.id, "age1nonsense", actor=actor(OWNER))


async def test_keys_are_fixed_once_the_notice_is_out_but_are_proven_again(session):
    tender, keys = await drafted(session)
    await publish(unit(session), Publication(tender_id=tender.id))
    with pytest.raises(TenderOutOfOrder):
        await give_key(unit(session), tender.id, recipient_of(generate_identity()), actor=actor(OWNER))
    later = NOON + 20 * DAY
    proof = await ask_liveness(unit(session, later), tender.id, actor=actor(OWNER))
    nonce = answer(keys[f"{OWNER}-person"], proof.challenge)
    proven = await prove_liveness(unit(session, later), tender.id, proof.id, nonce, actor=actor(OWNER))
    assert proven.proven_at == later


async def test_renaming_the_holders_keeps_the_keys_of_those_who_stay(session):
    tender, _ = await drafted(session)
    kept = terms_of(tender).layers[0].recipient
    one = HolderName(organisation_id=OWNER, person_id=f"{OWNER}-person", name="示例保管人")
    await name_holders(unit(session), tender.id, Holders(layers=(one,)))
    assert [layer.recipient for layer in terms_of(tender).layers] == [kept]


async def test_a_draft_saved_over_an_older_revision_is_refused(session):
    tender, _ = await drafted(session)
    terms = replace(terms_of(tender), title="示例新城小学教学楼施工（改）")
    await edit_draft(unit(session), tender.id, terms, revision=1)
    with pytest.raises(DraftStale):
        await edit_draft(unit(session), tender.id, terms, revision=1)
    assert (tender.title, tender.revision) == ("示例新城小学教学楼施工（改）", 2)
    assert len(terms_of(tender).layers) == 2


async def test_only_the_project_s_own_organisations_draft_its_lots_and_each_lot_once(session):
    await makers.desk(session)
    order = NewProject(code="P-1", name="示例", regime=Regime.ZTB, is_mandatory=True,
                       procuring_entity_id=OWNER, agency_id=AGENCY, township="")  # fmt: skip
    with pytest.raises(NotYourProject):
        await create_project(unit(session), order, actor=actor("org-x"))
    project = await create_project(unit(session), order, actor=HOST)
    lot = NewTender(project_id=project.id, lot_no=1, lot_code="L-1", terms=makers.terms())
    with pytest.raises(NotYourProject):
        await draft_tender(unit(session), lot, actor=actor("org-x"))
    tender = await draft_tender(unit(session), lot, actor=HOST)
    with pytest.raises(LotKnown):
        await draft_tender(unit(session), lot, actor=HOST)
    seats = await kinds(session, desk_stream(tender.id))
    assert seats[-1] == "tender.drafted"
    assert len(seats) == 3
    now = NOON + timedelta(seconds=1)
    assert await roles_on(session, HOST, tender.id, now=now) >= {Role.AGENCY_HOST}


async def test_three_days_before_the_deadline_the_holders_who_keep_silent_are_named_once(session):
    tender, keys = await drafted(session)
    await publish(unit(session), Publication(tender_id=tender.id))
    near = tender.bid_deadline - 3 * DAY
    assert await due(session, now=near - TICK) == []
    proof = await ask_liveness(unit(session, near), tender.id, actor=actor(OWNER))
    nonce = answer(keys[f"{OWNER}-person"], proof.challenge)
    await prove_liveness(unit(session, near), tender.id, proof.id, nonce, actor=actor(OWNER))
    for kind, name in 2 * await due(session, now=near):
        await perform(unit(session, near), kind, name)
    told = [one for one in await since(session, desk_stream(tender.id), 0) if "falls-due" in one.kind]
    assert [jcs.parse(one.text.encode())["body"]["people"] for one in told] == [["org-supervisor-person"]]
    assert await due(session, now=near) == []
