"""Signing in, confirming and signing out, with real certificates on both databases."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from sqlalchemy import func, select

from bidding.party import queries
from bidding.party.kinds import OrganisationKind
from bidding.party.roles import Role
from bidding.party.service import certificates, people, sessions
from bidding.party.service.sessions import SPAN, STEP_UP, Answer
from bidding.party.tables import AuthSession
from bidding.refusals.party import (
    AnswerInvalid,
    CertificateIsRevoked,
    CertificateNotEnrolled,
    CertificateUntrusted,
    ChallengeLapsed,
    ChallengeUnknown,
    NotAMember,
    SessionAbsent,
)
from crypto.certificates import Authority, Profile, Subject
from crypto.challenge import TTL
from crypto.ledger import Entry
from tests.bidding.party.makers import (
    CENTRE_USCC,
    DOMAIN,
    OTHER_ID_NUMBER,
    a_person,
    an_organisation,
    enrolled,
    sign,
    sign_in,
    unit_at,
)
from tests.conftest import NOON, TICK


@pytest.fixture
async def bidder(unit, authority):
    return await enrolled(unit, authority)


def hashed(token):
    return sha256(token.encode()).digest()


async def actor(session, signed_in, *, now=NOON):
    return await queries.actor_of(session, hashed(signed_in.token), now=now)


async def test_who_signs_in_is_an_actor_with_the_roles_of_the_membership(unit, bidder, authority):
    found = await actor(unit.session, await sign_in(unit, bidder, authority))
    assert (found.person_id, found.organisation_id) == (bidder.person.id, bidder.organisation.id)
    assert found.roles == {Role.PUBLIC, Role.BIDDER}
    assert found.certificate_sha256 == bidder.certificate.fingerprint


async def test_the_token_itself_is_nowhere_in_the_row(unit, bidder, authority):
    signed_in = await sign_in(unit, bidder, authority)
    row = await unit.session.get(AuthSession, signed_in.session.id)
    assert len(signed_in.token) >= 43
    assert signed_in.token not in repr(vars(row)) + repr(signed_in)


async def test_signing_in_leaves_no_entry_in_the_ledger(unit, bidder, authority):
    count = select(func.count()).select_from(Entry)
    before = (await unit.session.execute(count)).scalar_one()
    assert before > 0
    await sign_in(unit, bidder, authority)
    assert (await unit.session.execute(count)).scalar_one() == before


@pytest.mark.parametrize(("after", "is_open"), [(queries.IDLE - TICK, True), (queries.IDLE, False)])
async def test_a_session_falls_idle_after_two_silent_hours(unit, bidder, authority, after, is_open):
    signed_in = await sign_in(unit, bidder, authority)
    assert (await actor(unit.session, signed_in, now=NOON + after) is not None) is is_open


@pytest.mark.parametrize(("after", "is_open"), [(SPAN - TICK, True), (SPAN, False)])
async def test_a_session_ends_twelve_hours_after_sign_in_however_busy(
    unit, bidder, authority, after, is_open
):
    signed_in = await sign_in(unit, bidder, authority)
    await sessions.see(unit_at(unit.session, NOON + after - TICK), hashed(signed_in.token))
    assert (await actor(unit.session, signed_in, now=NOON + after) is not None) is is_open


async def test_an_answer_counts_once(unit, bidder, authority):
    challenge = await sessions.ask(unit, domain=DOMAIN)
    answer = Answer(
        nonce=challenge.nonce, signature=sign(bidder.key, challenge.message()), certificate=bidder.x509,
        chain=authority.chain(),
    )  # fmt: skip
    trust = authority.trust(now=NOON)
    await sessions.sign_in(unit, answer, trust=trust)
    with pytest.raises(ChallengeUnknown):
        await sessions.sign_in(unit, answer, trust=trust)
    with pytest.raises(ChallengeUnknown):
        await sessions.sign_in(unit, replace(answer, nonce="0" * 32), trust=trust)


@pytest.mark.parametrize("late", [timedelta(0), TICK])
async def test_an_answer_is_in_time_up_to_the_last_instant(unit, bidder, authority, late):
    challenge = await sessions.ask(unit, domain=DOMAIN)
    answer = Answer(
        nonce=challenge.nonce, signature=sign(bidder.key, challenge.message()), certificate=bidder.x509,
        chain=authority.chain(),
    )  # fmt: skip
    then = unit_at(unit.session, NOON + TTL + late)
    if not late:
        assert (await sessions.sign_in(then, answer, trust=authority.trust(now=NOON))).token
        return
    with pytest.raises(ChallengeLapsed):
        await sessions.sign_in(then, answer, trust=authority.trust(now=NOON))


async def test_a_signature_over_anything_else_opens_nothing(unit, bidder, authority):
    challenge = await sessions.ask(unit, domain=DOMAIN)
    elsewhere = replace(challenge, domain="phishing.example")
    answer = Answer(
        nonce=challenge.nonce, signature=sign(bidder.key, elsewhere.message()), certificate=bidder.x509,
        chain=authority.chain(),
    )  # fmt: skip
    with pytest.raises(AnswerInvalid):
        await sessions.sign_in(unit, answer, trust=authority.trust(now=NOON))


async def test_a_foreign_authoritys_certificate_is_not_trusted(unit, bidder, authority, tmp_path):
    foreign = Authority.create(tmp_path / "ca", "x", name="外", now=NOON)
    with pytest.raises(CertificateUntrusted):
        await sign_in(unit, bidder, authority, trust=foreign.trust(now=NOON))


async def test_a_trusted_certificate_that_nobody_enrolled_opens_nothing(unit, authority):
    holder = authority.enrol(Profile.BIDDER, Subject(name="示例丙", uscc=CENTRE_USCC), now=NOON)
    challenge = await sessions.ask(unit, domain=DOMAIN)
    answer = Answer(
        nonce=challenge.nonce, signature=sign(holder.key, challenge.message()),
        certificate=holder.certificate, chain=holder.chain,
    )  # fmt: skip
    with pytest.raises(CertificateNotEnrolled):
        await sessions.sign_in(unit, answer, trust=authority.trust(now=NOON))


async def test_a_time_stamp_certificate_signs_nobody_in(unit, authority):
    holder = authority.enrol(Profile.TSA, Subject(name="示例时间戳"), now=NOON)
    with pytest.raises(CertificateUntrusted) as refused:
        certificates.trusted(authority.trust(now=NOON), holder.certificate, holder.chain, at=NOON)
    assert "tsa" in refused.value.detail


async def test_revoking_a_certificate_ends_its_sessions_and_lets_nobody_in_again(unit, bidder, authority):
    signed_in = await sign_in(unit, bidder, authority)
    assert await actor(unit.session, signed_in) is not None
    reason = x509.ReasonFlags.key_compromise
    stale_trust = authority.trust(now=NOON)
    await certificates.revoke_certificate(unit, bidder.certificate.id, reason=reason, authority=authority)
    assert await actor(unit.session, signed_in) is None
    with pytest.raises(CertificateIsRevoked):
        await sign_in(unit, bidder, authority, trust=stale_trust)
    with pytest.raises(CertificateIsRevoked):
        await certificates.revoke_certificate(unit, bidder.certificate.id, reason=reason, authority=authority)
    assert [one.serial for one in await queries.revocations(unit.session)] == [
        int(bidder.certificate.serial, 16)
    ]


async def test_who_leaves_the_organisation_is_signed_out_and_stays_out(unit, bidder, authority):
    signed_in = await sign_in(unit, bidder, authority)
    await people.leave(unit, bidder.person.id, bidder.organisation.id)
    assert await actor(unit.session, signed_in) is None
    with pytest.raises(NotAMember):
        await sign_in(unit, bidder, authority)


async def stepped_up(unit, bidder, authority, *, act="bid.submitted", signed_for=None):
    signed_in = await sign_in(unit, bidder, authority)
    who = await actor(unit.session, signed_in)
    challenge = await sessions.ask(unit, domain=DOMAIN, purpose=f"step-up:{signed_for or act}", actor=who)
    signature = sign(bidder.key, challenge.message())
    until = await sessions.step_up(unit, actor=who, act=act, nonce=challenge.nonce, signature=signature)
    return signed_in, until


async def test_a_step_up_names_the_act_it_confirms_and_holds_five_minutes(unit, bidder, authority):
    signed_in, until = await stepped_up(unit, bidder, authority)
    found = await actor(unit.session, signed_in)
    assert until == NOON + STEP_UP
    assert (found.stepped_up_until, found.step_up_purpose) == (until, "bid.submitted")


async def test_a_confirmation_of_one_act_is_none_of_another(unit, bidder, authority):
    with pytest.raises(ChallengeUnknown):
        await stepped_up(unit, bidder, authority, act="bid.withdrawn", signed_for="bid.submitted")


async def test_a_sign_in_answer_is_no_confirmation_and_no_other_session_may_use_it(unit, bidder, authority):
    mine = await actor(unit.session, await sign_in(unit, bidder, authority))
    other = await actor(unit.session, await sign_in(unit, bidder, authority))
    challenge = await sessions.ask(unit, domain=DOMAIN, purpose="step-up:bid.submitted", actor=mine)
    signature = sign(bidder.key, challenge.message())
    for who, nonce in ((other, challenge.nonce), (mine, (await sessions.ask(unit, domain=DOMAIN)).nonce)):
        with pytest.raises(ChallengeUnknown):
            await sessions.step_up(unit, actor=who, act="bid.submitted", nonce=nonce, signature=signature)


async def test_only_the_certificate_of_the_session_confirms(unit, bidder, authority):
    order = an_organisation(CENTRE_USCC, "示例区交易中心", [OrganisationKind.CENTRE])
    other = await enrolled(
        unit, authority, order, a_person("示例李四", OTHER_ID_NUMBER),
        roles=[Role.CENTRE_OPS], profile=Profile.STAFF,
    )  # fmt: skip
    with pytest.raises(AnswerInvalid):
        await stepped_up(unit, replace_key(bidder, other), authority)


def replace_key(party, other):
    """Signs in with its own key, confirms with another's."""

    class TwoFaced:
        def __getattr__(self, name):
            return getattr(party, name)

        signed = 0

        @property
        def key(self):
            self.signed += 1
            return party.key if self.signed == 1 else other.key

    return TwoFaced()


async def test_a_confirmation_of_a_document_returns_the_question_as_evidence(unit, bidder, authority):
    who = await actor(unit.session, await sign_in(unit, bidder, authority))
    purpose = "confirm:" + "cd" * 32
    asked = await sessions.ask(unit, domain=DOMAIN, purpose=purpose, actor=who)
    signature = sign(bidder.key, asked.message())
    answered = await sessions.confirm(
        unit, actor=who, purpose=purpose, nonce=asked.nonce, signature=signature
    )
    assert answered == asked


async def test_one_ends_ones_own_sessions_and_nobody_elses(unit, bidder, authority):
    first = await sign_in(unit, bidder, authority)
    second = await sign_in(unit, bidder, authority)
    who = await actor(unit.session, first)
    own = {row.id for row in await queries.sessions_of(unit.session, who.person_id, now=NOON)}
    assert own == {first.session.id, second.session.id}
    await sessions.revoke_session(unit, second.session.id, actor=who)
    assert await actor(unit.session, second) is None
    with pytest.raises(SessionAbsent):
        await sessions.revoke_session(unit, first.session.id, actor=replace(who, person_id="another"))
    await sessions.sign_out(unit, actor=who)
    assert await actor(unit.session, first) is None


@pytest.mark.parametrize(("after", "is_open"), [(timedelta(0), True), (TICK, False)])
async def test_a_session_ends_when_its_certificate_runs_out(unit, bidder, authority, after, is_open):
    end = bidder.certificate.not_after
    signed_in = await sign_in(unit_at(unit.session, end - timedelta(hours=1)), bidder, authority)
    assert (await actor(unit.session, signed_in, now=end + after) is not None) is is_open
