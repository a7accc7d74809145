"""A whole opening with its notice in the ledger, and a platform that can export it."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from bidding.acts.tender import LivenessProven, NoticePublished
from bidding.opening import service
from bidding.tender.queries import get, terms_of
from bidding.tender.terms import CoefficientSpec
from crypto.age import generate_identity, recipient_of
from crypto.certificates import crl
from crypto.cosign import Cosigner
from crypto.ledger.log_queries import cosign_with
from crypto.witness import ShortMemory, Witness
from tests.bidding.bid import makers as bids
from tests.bidding.opening import makers as openings
from tests.bidding.opening.makers import ATREST, HOST, Meeting, add_bid, committee
from tests.bidding.tender.makers import layer
from tests.conftest import at
from tests.crypto.verify.ledger import key
from web.app import App
from web.clock import Ticker
from web.keyring import Keyring
from web.sequencing import Sequencer
from web.settings import Log, Settings, TrustSection
from web.stamping import BuiltIn
from web.trusting import trust_file
from web.unit import working

FOUNDED = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LOG = "log.qifeng.example"
COSIGNER = Cosigner("witness.example/one", key("witness.example/one"))


def keyring(home):
    return Keyring.create(home / "ring", "示例口令", operator="示例区公共资源交易中心", now=FOUNDED)


class Heard(Meeting):
    """A meeting in which the ledger names whoever acts, as behind the platform's doors."""

    async def do(self, verb, *args, by=None, **kwargs):
        return await super().do(verb, *args, by=kwargs.get("actor") or by, **kwargs)


class Archive:
    """A meeting, the platform around it, and its log."""

    def __init__(self, meeting: Meeting, app: App):
        self.meeting, self.app = meeting, app
        self.witness = Witness(COSIGNER, [app.log_signer.vkey], ShortMemory())

    async def integrate(self, *, forced=False):
        self.app.clock = at(self.meeting.now)
        await Sequencer(self.app).step(forced=forced)
        async with working(self.app, by="witness") as unit:
            await cosign_with(unit.session, [self.witness], at=self.meeting.now)

    async def close_the_log(self):
        """What the ticker does once the deadline fell."""
        self.app.clock = at(self.meeting.now)
        self.app.timestamps = BuiltIn(self.app.keys.tsa, self.app.db, self.app.clock)
        await Ticker(self.app, Sequencer(self.app))._stamp(self.meeting.tender_id)
        await self.integrate()

    async def to_the_publication(self):
        await self.fall()
        await self.meeting.to_the_close()
        await self.meeting.host(service.close)
        await self.meeting.host(service.publish_record)
        await self.integrate()

    async def fall(self):
        """The deadline, and the log closed over it, before the hall goes on."""
        fall = self.meeting.fall

        async def and_stamp():
            await fall()
            await self.close_the_log()

        self.meeting.fall = and_stamp


def settings_of(home) -> Settings:
    """The bidders' authority is an outside one here, with lists of its own."""
    later = openings.DEADLINE + timedelta(days=1)
    root = home / "root.pem"
    root.write_bytes(bids.ROOT.certificate.public_bytes(Encoding.PEM))
    lists = []
    for number, one in enumerate((bids.ISSUING, bids.ROOT)):
        lists.append(home / f"{number}.crl")
        made = crl(one, (), now=later, next_update=later + timedelta(days=7))
        lists[-1].write_bytes(made.public_bytes(Encoding.PEM))
    return Settings(
        trust=TrustSection(roots=(root,), crls=tuple(lists)),
        log=Log(name=LOG, witnesses=(str(COSIGNER.vkey),), quorum=1),
    )


async def an_archive(db, vault, home, keys, *, count=3) -> Archive:
    """A tender whose acts all stand in the ledger, with *count* sealed bids, before its deadline."""
    layer_keys = [generate_identity() for _ in range(2)]
    member_keys = [generate_identity() for _ in range(3)]
    tender_id = await bids.a_tender(
        db, layers=tuple(layer(n, recipient=recipient_of(one)) for n, one in enumerate(layer_keys, start=1)),
        committee=committee(member_keys), bid_deadline=openings.DEADLINE,
        coefficient=CoefficientSpec(label="下浮率", candidates=("0.95", "0.96", "0.97")),
    )  # fmt: skip
    meeting = Heard(db, vault, tender_id, layer_keys, member_keys)
    meeting.now = openings.NOON - timedelta(hours=1)
    settings = settings_of(home)
    app = App(
        settings=settings, db=db, clock=at(meeting.now), vault=vault, atrest=ATREST,
        authority=keys.authority, trust_file=trust_file(settings, keys), log_signer=keys.log_signer(LOG),
        platform=keys.platform,
    )  # fmt: skip
    app.keys = keys
    archive = Archive(meeting, app)
    await notice(meeting, [*layer_keys, *member_keys])
    for number in range(count):
        await add_bid(meeting, home, number, {})
    await archive.integrate()
    return archive


async def notice(meeting, identities):
    async with meeting.acting(HOST) as unit:
        for one in identities:
            await unit.record(
                LivenessProven(
                    tender_id=meeting.tender_id, person_id="p", recipient=recipient_of(one),
                    challenge_sha256="00" * 32,
                )
            )  # fmt: skip
        terms = terms_of(await get(unit.session, meeting.tender_id))
        await unit.record(
            NoticePublished(
                tender_id=meeting.tender_id, version=1, terms=terms.plain(), notice_sha256=terms.sha256
            )
        )
