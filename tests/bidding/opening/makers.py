"""A whole opening for tests: real envelopes, real keys, and a clock that the test moves."""

import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bidding.bid.sealing import STAGE, sealing_facts
from bidding.opening import service
from bidding.opening.stages import Stage
from bidding.opening.tables import Opening, OpeningBid
from bidding.opening.windows import SETTLING
from bidding.party.roles import NOBODY, Actor, Role
from bidding.tender.terms import CoefficientSpec, Committee, ShareHolder, Windows
from crypto import draws
from crypto.age import generate_identity, recipient_of
from crypto.atrest import AtRest
from crypto.certificates import fingerprint
from crypto.cms import sign_detached
from crypto.envelope import Context, SealJob, seal
from crypto.envelope.fallback import open_share
from crypto.envelope.layers import nest
from crypto.envelope.statement import SIGNATURE, STATEMENT, Statement
from crypto.ledger import Unit, since
from crypto.ledger.engine import Database
from tests.bidding.bid import makers as bids
from tests.bidding.tender.makers import layer
from tests.conftest import NOON, TICK, at

DEADLINE = NOON + timedelta(days=21)
ATREST = AtRest([b"k" * 32])
CONSENT = "同意在未按时解密时由密钥委员会依招标文件开启。"
PRICES = (812_345_600, 812_345_711, 812_345_822, 812_345_933)
WINDOWS = Windows()


def someone(role: Role, organisation: str, person: str = "") -> Actor:
    return Actor(
        person_id=person or f"{organisation}-p", organisation_id=organisation, name="示例李四",
        organisation=organisation, roles=frozenset({Role.PUBLIC}), certificate_sha256="00" * 32,
        tender_roles=frozenset({role}),
    )  # fmt: skip


HOST = someone(Role.AGENCY_HOST, "org-agency")
OWNER = someone(Role.PROCURING_ENTITY, "org-owner")
SUPERVISOR = someone(Role.SUPERVISOR, "org-supervisor")
WITNESS = someone(Role.OPENING_WITNESS, "org-witness")
ON_DUTY = {"procuring_entity": OWNER, "agency_host": HOST, "opening_witness": WITNESS}


@dataclass
class Meeting:
    """An opening and everyone in it. `now` is the instant of the next act."""

    db: Database
    vault: Any
    tender_id: str
    layer_keys: list[str]
    member_keys: list[str]
    bidders: list[bids.Bidder] = field(default_factory=list)
    folders: list[Any] = field(default_factory=list)
    now: datetime = DEADLINE

    @asynccontextmanager
    async def acting(self, actor: Actor = NOBODY):
        async with self.db.writing.begin() as session:
            yield Unit(session, by=actor.label, clock=at(self.now))

    async def do(self, verb: Any, *args: Any, by: Actor | None = None, **kwargs: Any) -> Any:
        """Run one verb as one committed act."""
        async with self.acting(by or NOBODY) as unit:
            return await verb(unit, *args, **kwargs)

    async def host(self, verb: Any, **kwargs: Any) -> Any:
        return await self.do(verb, self.tender_id, by=HOST, **kwargs)

    async def advance(self, times: int = 1) -> None:
        for _ in range(times):
            await self.host(service.advance)

    async def opening(self) -> Opening:
        async with self.db.reading() as session:
            return await session.get_one(Opening, self.tender_id)

    async def stage(self) -> Stage:
        return (await self.opening()).stage

    async def bid(self, number: int) -> OpeningBid:
        async with self.db.reading() as session:
            key = (self.tender_id, self.bidders[number].actor.organisation_id)
            return await session.get_one(OpeningBid, key)

    async def statuses(self) -> list[str]:
        return [(await self.bid(number)).status.value for number in range(len(self.bidders))]

    async def public(self) -> list[Any]:
        async with self.db.reading() as session:
            return list(await since(session, f"tender/{self.tender_id}/public", 0))

    async def kinds(self) -> list[str]:
        return [entry.kind for entry in await self.public()]

    async def pass_window(self, seconds: int) -> None:
        """Let a window's time go by, and the clock close it."""
        self.now += timedelta(seconds=seconds) + SETTLING + TICK
        await self.do(service.expire, self.tender_id)

    async def fall(self) -> None:
        """Let the deadline fall."""
        self.now = DEADLINE + TICK
        await self.do(service.reach_deadline, self.tender_id)

    async def to_the_list(self) -> None:
        await self.fall()
        await self.host(service.start)
        await self.host(service.read_discipline, text="请保持安静。")
        await self.advance()
        await self.host(service.publish_list)

    async def to_the_keys(self) -> None:
        """Up to the bidders' release window."""
        await self.to_the_list()
        await self.advance()
        await self.check_everyone()
        if await self.stage() is Stage.CONTROL_PRICE:
            await self.host(service.announce_cap)
            await self.advance()
        if await self.stage() is Stage.COEFFICIENT_DRAW:
            await self.draw()
            await self.advance()

    async def check_everyone(self) -> None:
        """Identity and deposits, and on to the next step."""
        for bidder in self.bidders:
            await self.host(service.check_identity, bidder_id=bidder.actor.organisation_id, is_ok=True)
        await self.host(service.state_deposits)
        await self.advance()

    async def release(self, *numbers: int) -> None:
        for number in numbers:
            bidder = self.bidders[number]
            order = service.KeyRelease(tender_id=self.tender_id, identity=bidder.identities[-1])
            await self.do(service.release, order, by=bidder.actor, actor=bidder.actor, atrest=ATREST)

    async def post_shares(self, number: int, *members: int) -> None:
        for member in members:
            sealed = (self.folders[number] / f"share-{member + 1}.age").read_bytes()
            share = open_share(sealed, self.member_keys[member]).raw()
            bid = await self.bid(number)
            order = service.ShareRelease(tender_id=self.tender_id, bid_id=bid.bid_id, share=share)
            await self.do(service.post_share, order, actor=member_actor(member), atrest=ATREST)

    async def release_layers(self, *orders: int) -> None:
        for order in orders or range(1, len(self.layer_keys) + 1):
            what = service.LayerOrder(tender_id=self.tender_id, identity=self.layer_keys[order - 1])
            await self.do(service.release_layer, what, actor=layer_actor(order))

    async def open_all(self) -> int:
        shop = service.Workshop(acting=self.acting, reading=self.db.reading, vault=self.vault, atrest=ATREST)
        return await service.open_all(shop, self.tender_id)

    async def to_the_prices(self, *released: int) -> None:
        """Up to the end of the decryption; everyone releases unless *released* says who."""
        await self.to_the_keys()
        await self.release(*(released or range(len(self.bidders))))
        await self.pass_window(WINDOWS.release)
        await self.advance()
        await self.release_layers()
        await self.open_all()

    async def to_the_announcement(self) -> None:
        await self.to_the_prices()
        await self.advance()
        await self.pass_window(WINDOWS.price_confirm)
        await self.advance()

    async def to_the_record(self) -> None:
        await self.to_the_announcement()
        await self.host(service.announce_all, atrest=ATREST)
        await self.advance()
        await self.host(service.analyse_prices)
        await self.advance()
        await self.pass_window(WINDOWS.objection)
        await self.advance()

    async def to_the_close(self) -> None:
        await self.to_the_record()
        await self.host(service.draw_record, actor=HOST)
        await self.sign(1)
        await self.pass_window(WINDOWS.record_confirm)
        await self.advance()
        await self.host(service.hand_over_files)

    async def sign(self, version: int) -> None:
        for role, actor in ON_DUTY.items():
            await self.do(service.sign_record, self.tender_id, version=version, role=role, actor=actor)

    async def draw(self) -> None:
        """A whole draw: three parties of the desk commit and reveal, two people read the dice."""
        row = await self.host(service.specify_draw, reveal_seconds=60)
        shares = {actor: draws.new_share() for actor in (OWNER, HOST, SUPERVISOR)}
        for actor, share in shares.items():
            (role,) = actor.tender_roles
            commitment = draws.commit(row.draw_id, role.value, share)
            await self.host(service.commit_draw, actor=actor, commitment=commitment)
        await self.host(service.close_commits)
        for actor, share in shares.items():
            await self.host(service.reveal_draw, actor=actor, secret=share.hex())
        self.now += timedelta(seconds=66)
        for actor in (HOST, WITNESS):
            order = service.BeaconEntry(tender_id=self.tender_id, value="3 1 6 2 5")
            await self.do(service.enter_beacon, order, actor=actor)


def layer_actor(order: int) -> Actor:
    return someone(Role.LAYER_HOLDER, f"org-layer-{order}", f"person-layer-{order}")


def member_actor(member: int) -> Actor:
    return someone(Role.SHARE_HOLDER, f"org-member-{member}", f"person-member-{member}")


def committee(keys: list[str], m: int = 2) -> Committee:
    members = tuple(
        ShareHolder(
            number=number + 1, organisation_id=f"org-member-{number}",
            person_id=f"person-member-{number}", name=f"示例成员{number}", recipient=recipient_of(key),
        )
        for number, key in enumerate(keys)
    )  # fmt: skip
    return Committee(m=m, members=members)


async def a_meeting(
    db: Database, vault: Any, home: Any, *, count: int = 3, has_committee: bool = False,
    has_coefficient: bool = False, sheets: dict[int, dict[str, Any]] | None = None, **over: Any,
) -> Meeting:  # fmt: skip
    """A tender with *count* sealed bids, the instant before its deadline falls."""
    layer_keys = [generate_identity() for _ in range(2)]
    member_keys = [generate_identity() for _ in range(3)] if has_committee else []
    terms: dict[str, Any] = {
        "layers": tuple(
            layer(order, recipient=recipient_of(key)) for order, key in enumerate(layer_keys, start=1)
        ),
        "committee": committee(member_keys) if has_committee else None,
        "coefficient": CoefficientSpec(label="下浮率", candidates=("0.95", "0.96", "0.97"))
        if has_coefficient
        else None,
        "bid_deadline": DEADLINE,
    }
    tender_id = await bids.a_tender(db, **terms | over)
    meeting = Meeting(db, vault, tender_id, layer_keys, member_keys)
    for number in range(count):
        await add_bid(meeting, home, number, (sheets or {}).get(number, {}))
    return meeting


async def add_bid(
    meeting: Meeting, home: Any, number: int, sheet: dict[str, Any], *, is_malformed: bool = False
) -> None:
    bidder = await bids.a_bidder(meeting.db, number)
    folder = await sealed_folder(meeting, home, bidder, number, sheet)
    if is_malformed:
        seal_another_key(folder, bidder)
    order = await bids.order_of(meeting.db, meeting.vault, meeting.tender_id, bidder, folder)
    await bids.submit(meeting.db, meeting.vault, order, bidder, moment=NOON + timedelta(hours=number))
    meeting.bidders.append(bidder)
    meeting.folders.append(folder)


async def sealed_folder(
    meeting: Meeting, home: Any, bidder: bids.Bidder, number: int, sheet: dict[str, Any]
) -> Any:
    async with meeting.db.reading() as session:
        facts = await sealing_facts(session, meeting.tender_id, bidder.actor.organisation_id)
    expected = facts.expected("")
    doc = home / f"技术标{number}.pdf"
    doc.write_bytes(b"%PDF-1.7 " + secrets.token_bytes(1000))
    context = Context(
        tender_id=facts.tender_id, notice_sha256=facts.notice_sha256, lot=facts.lot, stage=STAGE,
        object="statement", bidder_cert_sha256=fingerprint(bidder.credential.certificate),
        deadline=facts.terms.bid_deadline, round=facts.round, nonce16=secrets.token_hex(16),
    )  # fmt: skip
    said = {"bidder_name": bidder.actor.organisation, "uscc": bidder.uscc, "bid_price": PRICES[number]}
    job = SealJob(
        context=context, docs={"技术标.pdf": doc},
        sheet={**said, "duration_days": 180, "quality": "合格", **sheet}, layers=expected.layers,
        client=bids.CLIENT, previous=facts.previous, committee=expected.committee,
        consent=CONSENT if expected.committee else None,
    )  # fmt: skip
    out = seal(job, home / f"sealed-{secrets.token_hex(4)}", signer=bidder.credential)
    bidder.identities.append(out.bidder_identity)
    return out.folder


def seal_another_key(folder: Any, bidder: bids.Bidder) -> None:
    """What a dishonest bidder may do: every hash and signature holds, but the sealed key opens nothing."""
    statement = Statement.read((folder / STATEMENT).read_bytes())
    forged = nest(generate_identity(), layers=statement.layers, bidder_recipient=statement.bidder_recipient)
    (folder / "key-sheet.age").write_bytes(forged)
    digest = sha256(forged).hexdigest()
    keys = tuple(
        replace(one, size=len(forged), sha256=digest) if one.object == "sheet" else one
        for one in statement.keys
    )
    raw = replace(statement, keys=keys).raw()
    mine = bidder.credential
    (folder / STATEMENT).write_bytes(raw)
    (folder / SIGNATURE).write_bytes(sign_detached(raw, mine.certificate, mine.key, mine.chain))
