"""Signing in with a certificate, confirming legal acts, and one's own sessions."""

from base64 import b64decode

from aiohttp import web

from bidding.party import queries
from bidding.party.roles import Actor, Role
from bidding.party.service import sessions
from bidding.party.service.sessions import SPAN, Answer
from web.auth import hand_over, take_back
from web.binding import answer
from web.call import Call
from web.endpoint import endpoint
from web.forms.sessions import AskStepUp, SignIn, StepUp, certificate_of
from web.refusals import FormDefect, SignInNeeded
from web.views.sessions import (
    ActorView,
    ChallengeView,
    SessionList,
    SignedInView,
    SteppedUp,
    actor_view,
    challenge_view,
    session_list,
)

ANYONE = frozenset({Role.PUBLIC})
"""Everyone signed in may ask about themselves, whatever their roles; `_somebody` asks for a session."""

_ONE_OF_TWO = {"in": "body", "field": "act", "kind": "one_of", "why": "exactly one of act and sha256"}


@endpoint("POST", "/api/session/challenge", act="session.asked", roles=ANYONE, returns=ChallengeView,
          status=201, tag="session", summary="获取登录认证问题",
          summary_en="Ask for a sign-in challenge")  # fmt: skip
async def ask_sign_in(call: Call) -> ChallengeView:
    async with call.acting() as unit:
        challenge = await sessions.ask(unit, domain=call.app.settings.site.domain)
    return challenge_view(challenge)


@endpoint("POST", "/api/session", act="session.opened", roles=ANYONE, body=SignIn, returns=SignedInView,
          status=201, tag="session", summary="证书登录", summary_en="Sign in with a certificate")  # fmt: skip
async def sign_in(call: Call, body: SignIn) -> web.StreamResponse:
    async with call.acting() as unit:
        opened = await sessions.sign_in(unit, _answer(body), trust=call.app.trust)
    is_bearer, session = body.carrier == "bearer", opened.session
    shown = opened.token if is_bearer else None
    view = SignedInView(session_id=session.id, expires_at=session.expires_at, token=shown)
    response = answer(call.endpoint, view)
    if not is_bearer:
        hand_over(response, call.app.settings.site, opened.token, seconds=int(SPAN.total_seconds()))
    return response


@endpoint("POST", "/api/session/step-up/challenge", act="session.step-up-asked", roles=ANYONE,
          body=AskStepUp, returns=ChallengeView, status=201, tag="session", summary="获取二次认证问题",
          summary_en="Ask for a challenge to confirm an act or a document")  # fmt: skip
async def ask_step_up(call: Call, body: AskStepUp) -> ChallengeView:
    actor, purpose = _somebody(call), body.purpose()
    if purpose is None:
        raise FormDefect(defects=[_ONE_OF_TWO])
    async with call.acting() as unit:
        domain = call.app.settings.site.domain
        challenge = await sessions.ask(unit, domain=domain, purpose=purpose, actor=actor)
    return challenge_view(challenge)


@endpoint("POST", "/api/session/step-up", act="session.stepped-up", roles=ANYONE, body=StepUp,
          returns=SteppedUp, tag="session", summary="二次认证", summary_en="Confirm a legal act")  # fmt: skip
async def step_up(call: Call, body: StepUp) -> SteppedUp:
    actor, signature = _somebody(call), b64decode(body.signature)
    async with call.acting() as unit:
        until = await sessions.step_up(unit, actor=actor, act=body.act, nonce=body.nonce, signature=signature)
    return SteppedUp(act=body.act, until=until)


@endpoint("GET", "/api/session", act="session.read", roles=ANYONE, returns=ActorView, tag="session",
          summary="当前登录者", summary_en="Who is signed in")  # fmt: skip
async def read_session(call: Call) -> ActorView:
    actor = _somebody(call)
    async with call.reading() as session:
        now = await call.app.clock(session)
        return actor_view(actor, await queries.tenders_of(session, actor, now=now))


@endpoint("DELETE", "/api/session", act="session.ended", roles=ANYONE, status=204, tag="session",
          summary="退出登录", summary_en="Sign out")  # fmt: skip
async def sign_out(call: Call) -> web.StreamResponse:
    actor = _somebody(call)
    async with call.acting() as unit:
        await sessions.sign_out(unit, actor=actor)
    response = answer(call.endpoint, None)
    take_back(response, call.app.settings.site)
    return response


@endpoint("GET", "/api/sessions", act="sessions.read", roles=ANYONE, returns=SessionList, tag="session",
          summary="我的会话", summary_en="My sessions")  # fmt: skip
async def list_sessions(call: Call) -> SessionList:
    actor = _somebody(call)
    async with call.reading() as session:
        rows = await queries.sessions_of(session, actor.person_id, now=await call.app.clock(session))
    return session_list(rows, current=actor.session_id)


@endpoint("DELETE", "/api/sessions/{session_id}", act="session.revoked", roles=ANYONE, status=204,
          tag="session", summary="结束我的一个会话", summary_en="End one of my sessions")  # fmt: skip
async def end_session(call: Call) -> None:
    actor = _somebody(call)
    async with call.acting() as unit:
        await sessions.revoke_session(unit, call.path["session_id"], actor=actor)


def _somebody(call: Call) -> Actor:
    if not call.actor.session_id:
        raise SignInNeeded
    return call.actor


def _answer(body: SignIn) -> Answer:
    return Answer(
        nonce=body.nonce,
        signature=b64decode(body.signature),
        certificate=certificate_of(body.certificate),
        chain=[certificate_of(one) for one in body.chain],
        device=body.device,
    )
