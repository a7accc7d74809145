"""Whatever is sent, the answer is never a fault: the API description itself drives the attempts."""

import asyncio
import threading
from datetime import timedelta

import pytest
import schemathesis
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, Phase, settings

from bidding.bid.vault import LocalVault
from bidding.party.roles import Actor, Role
from bidding.party.tables import AuthSession, Certificate
from crypto.atrest import AtRest
from crypto.certificates import Profile, TrustStore
from crypto.ledger.engine import Database
from crypto.notes import NoteSigner
from crypto.trust import Trust
from tests.bidding.tender import makers
from tests.conftest import NOON
from web.api import endpoints
from web.app import App, application
from web.openapi import describe
from web.settings import Limits, Settings

EXAMPLES = 5
EVERYONE = Actor(
    person_id="o1-person", organisation_id="o1", name="某", organisation="示例单位", session_id="s1",
    roles=frozenset(Role), certificate_sha256="00" * 32,
)  # fmt: skip


class OpenDoor:
    """Everyone may try everything: what is looked for lies behind the door."""

    async def identify(self, request, app):
        return EVERYONE

    async def roles_on(self, app, actor, tender_id):
        return actor.roles

    async def refuse_without_step_up(self, request, app, actor, act):
        return None


def platform(home, sqlite_file):
    db = Database(f"sqlite+aiosqlite:///{sqlite_file}")
    signer = NoteSigner("log.example", Ed25519PrivateKey.generate())
    patient = Limits(reads="1000000/minute", writes="1000000/minute", sign_ins="1000000/minute")
    return App(
        settings=Settings(limits=patient), db=db, door=OpenDoor(), vault=LocalVault(home / "objects"),
        atrest=AtRest([b"k" * 32]), trust=TrustStore(), trust_file=Trust(log_vkey=str(signer.vkey)),
        log_signer=signer,
    )  # fmt: skip


async def signed_in(session):
    who = {"organisation_id": EVERYONE.organisation_id, "person_id": EVERYONE.person_id}
    days = {"not_before": NOON, "not_after": NOON + timedelta(days=3650), "bound_at": NOON}
    session.add(
        Certificate(
            id="c1", fingerprint=EVERYONE.certificate_sha256, serial="1", subject="CN=某", der=b"", chain=[],
            profile=Profile.STAFF, is_issued_here=False, **who, **days,
        )
    )  # fmt: skip
    await session.flush()
    session.add(
        AuthSession(
            id=EVERYONE.session_id, token_sha256=b"t" * 32, certificate_id="c1", device="", created_at=NOON,
            last_seen=NOON, expires_at=NOON + timedelta(days=3650), **who,
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory, sqlite_template):
    """The whole API on a thread of its own, with one tender on sale; its address and the faults it logs."""
    home = tmp_path_factory.mktemp("hostile")
    copy = home / "q.db"
    copy.write_bytes(sqlite_template.read_bytes())
    ready, address, stop, loop = threading.Event(), [], [], asyncio.new_event_loop()

    async def main():
        app = platform(home, copy)
        async with app.db.writing.begin() as session:
            tender = await makers.tender(session)
            await makers.organisation(session, EVERYONE.organisation_id)
            await signed_in(session)
        runner = web.AppRunner(application(app), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address.extend((f"http://127.0.0.1:{runner.addresses[0][1]}", tender.id))
        over = asyncio.Event()
        stop.append(lambda: loop.call_soon_threadsafe(over.set))
        ready.set()
        await over.wait()
        await runner.cleanup()
        app.vault.close()
        await app.db.dispose()

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    assert ready.wait(60)
    yield address
    stop[0]()
    thread.join()
    loop.close()


schema = schemathesis.openapi.from_dict(describe(endpoints(), title="启封", origin="http://127.0.0.1"))


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_answered_with_a_fault(case, served):
    origin, tender_id = served
    if "tender_id" in (case.path_parameters or {}):
        case.path_parameters["tender_id"] = tender_id
    answer = case.call(base_url=origin)
    assert answer.status_code < 500, answer.text
    is_tus = answer.status_code == 412 and "tus-version" in answer.headers
    if answer.status_code >= 400 and answer.request.method != "HEAD" and not is_tus:
        assert answer.headers["content-type"] == ["application/problem+json"], answer.text
