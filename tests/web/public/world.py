"""A district to look at: tenders in every public state, made by the product's own verbs."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bidding.bid.vault import LocalVault
from bidding.opening import service
from bidding.opening.tables import OpeningBid
from bidding.party.tables import Organisation
from bidding.tender.queries import terms_of
from bidding.tender.service.calendars import confirm_year
from bidding.tender.service.changes import Amendment, NewClarification, amend, clarify
from bidding.tender.service.documents import StoredFile, store_document
from bidding.tender.service.drafts import NewTender, draft_tender
from bidding.tender.service.halts import Halt, retender, suspend, terminate
from bidding.tender.service.holders import HolderName, Holders, name_holders
from bidding.tender.service.objections import object_to_documents
from bidding.tender.service.publication import Publication, publish
from bidding.tender.tables import Tender
from bidding.tender.terms import SheetField
from crypto.age import generate_identity
from crypto.certificates import fingerprint
from crypto.ledger import Entry
from crypto.ledger.engine import Database
from crypto.ledger.ids import new_id
from crypto.ledger.log_queries import proof_for
from tests.bidding.bid import makers as bids
from tests.bidding.opening import makers as openings
from tests.bidding.opening.makers import HOST, WINDOWS, Meeting
from tests.bidding.tender import makers as tenders
from tests.conftest import NOON, TICK, at
from web.app import App
from web.keyring import Keyring
from web.paper.filing import settle
from web.sequencing import Sequencer
from web.settings import Settings
from web.stamping import BuiltIn
from web.trusting import trust_file

VIEW = NOON + timedelta(days=21, minutes=9, seconds=37)
HOUR = timedelta(hours=1)
SHEET = (
    SheetField(name="bid_price", kind="fen", zh="投标报价（元）", en="Price (CNY)"),
    SheetField(name="duration_days", kind="days", zh="工期（天）", en="Days"),
    SheetField(name="manager", kind="text", zh="项目负责人", en="Manager"),
)
CAP = 12_980_000_000
FILES = (("招标文件.pdf", 2_480_112), ("工程量清单.xlsx", 318_460), ("施工图纸.zip", 48_113_002))
FIRMS = (
    ("示例甲建设有限公司", 12_687_530_000, 540),
    ("示例乙建设集团股份有限公司", 12_439_016_850, 520),
    ("示例丙市政工程有限公司", 12_810_490_000, 540),
    ("示例丁水利建设股份有限公司", 12_356_789_236, 510),
    ("示例戊城建（集团）有限公司", 12_598_000_000, 530),
    ("示例己路桥工程有限公司", 12_299_880_000, 525),
    ("示例庚建工集团有限责任公司（联合体牵头人）与示例辛市政园林建设股份有限公司联合体", 12_745_100_000, 535),
    ("示例壬园林股份有限公司", 13_012_000_000, 530),
    ("示例癸建筑安装工程有限公司", 12_480_000_000, 515),
)
TITLE = "示例路南延综合整治工程（道路、桥梁、综合管廊及景观绿化）施工总承包"


class Session(Meeting):
    """A meeting whose deadline is its own."""

    deadline: datetime = NOON

    async def fall(self) -> None:
        self.now = self.deadline + TICK
        await self.do(service.reach_deadline, self.tender_id)


@dataclass
class World:
    """The platform at VIEW, and the tenders by what they show."""

    db: Database
    home: Path
    vault: LocalVault
    app: App
    shown: dict[str, str] = field(default_factory=dict)
    firms: list[bids.Bidder] = field(default_factory=list)
    number: int = 0
    receipt: str = ""


async def founded(db: Database, home: Path) -> World:
    """An empty district: its desk, its key holders, its bidders, its keys."""
    async with db.writing.begin() as session:
        await tenders.desk(session)
        await confirm_year(tenders.unit(session), year=2027, document_no="示办发〔2026〕9号")
        for order in (1, 2):
            await tenders.organisation(session, f"org-layer-{order}")
            await tenders.person(session, f"person-layer-{order}", f"org-layer-{order}")
    keys = Keyring.create(home / "keys", "secret", operator="示例区公共资源交易中心", now=NOON)
    settings = Settings()
    app = App(
        settings=settings, db=db, clock=at(VIEW), vault=LocalVault(home / "objects"),
        log_signer=keys.log_signer(settings.log.name), trust_file=trust_file(settings, keys),
        platform=keys.platform, timestamps=BuiltIn(keys.tsa, db, at(VIEW)), authority=keys.authority,
        atrest=openings.ATREST,
    )  # fmt: skip
    app.refresh_trust(now=VIEW)
    world = World(db, home, app.vault, app)
    world.firms = [await _firm(db, number, name) for number, (name, _, _) in enumerate(FIRMS)]
    return world


async def _firm(db: Database, number: int, name: str) -> bids.Bidder:
    bidder = await bids.a_bidder(db, 50 + number)
    async with db.writing.begin() as session:
        row = await session.get_one(Organisation, bidder.actor.organisation_id)
        row.name = name
    mine = bids.credential(name[:60], bidder.uscc)
    actor = openings.replace(
        bidder.actor, organisation=name, certificate_sha256=fingerprint(mine.certificate)
    )
    return bids.Bidder(actor, bidder.uscc, mine)


async def notice(world: World, title: str, *, deadline: datetime, **over: Any) -> Session:
    """A tender published at NOON, ready for bids."""
    world.number += 1
    code = f"E330703000{world.number:04}-01"
    keys = {f"person-layer-{order}": generate_identity() for order in (1, 2)}
    names = tuple(
        HolderName(organisation_id=f"org-layer-{order}", person_id=f"person-layer-{order}", name=name)
        for order, name in ((1, "示例镇人民政府 示例吴某"), (2, "示例区公共资源交易监督管理办公室 示例郑某"))
    )
    plan = tenders.terms(
        layers=(), documents=(), title=title, bid_deadline=deadline, sheet=SHEET, price_cap_fen=CAP,
        estimate_fen=CAP + 10_000_000, deposit_fen=80_000_000, procuring_entity="示例区市政工程管理处",
        **over,
    )  # fmt: skip
    async with world.db.writing.begin() as session:
        home = await tenders.project(session, name=title)
        order = NewTender(project_id=home.id, lot_no=1, lot_code=code, terms=plan)
        row = await draft_tender(tenders.unit(session), order, actor=tenders.HOST)
        for name, size in FILES:
            digest = sha256((code + name).encode()).hexdigest()
            file = StoredFile(name=name, size=size, sha256=digest, key=f"documents/{digest}")
            await store_document(tenders.unit(session), row.id, file)
        await name_holders(tenders.unit(session), row.id, Holders(layers=names))
        for person, identity in keys.items():
            await tenders.keyed(session, row.id, person, identity)
        await publish(tenders.unit(session), Publication(tender_id=row.id))
        held = Session(world.db, world.vault, row.id, list(keys.values()), [], now=NOON)
    held.deadline = deadline
    return held


async def join(world: World, held: Session, *numbers: int) -> None:
    """These firms seal a bid, hand it in, and sign in."""
    for number in numbers:
        firm, (_, price, days) = world.firms[number], FIRMS[number]
        manager = f"示例{'甲乙丙丁戊己庚壬癸'[number]}某"
        sheet = {"bid_price": price, "duration_days": days, "manager": manager}
        folder = await openings.sealed_folder(held, world.home, firm, number % 4, sheet)
        order = await bids.order_of(world.db, world.vault, held.tender_id, firm, folder)
        await bids.submit(world.db, world.vault, order, firm, moment=NOON + number * 7 * HOUR)
        held.bidders.append(firm)
        held.folders.append(folder)
    held.now = held.deadline - HOUR
    await held.do(service.open_sign_in, held.tender_id)
    for number in numbers[:-1]:
        held.now += timedelta(minutes=4)
        actor = world.firms[number].actor
        await held.do(service.sign_in, held.tender_id, by=actor, actor=actor)


async def published(world: World) -> None:
    """The whole of an opening: one bid was never opened, one is above the cap, one objection answered."""
    held = await notice(world, TITLE, deadline=VIEW.replace(hour=1, minute=0, second=0))
    await join(world, held, *range(9))
    await held.to_the_prices(*(n for n in range(9) if n != 4))
    await held.advance()
    await held.pass_window(WINDOWS.price_confirm)
    await held.advance()
    await held.host(service.announce_all, atrest=openings.ATREST)
    await held.advance()
    await held.host(service.analyse_prices)
    await held.advance()
    actor = held.bidders[2].actor
    row = await held.do(
        service.raise_objection, held.tender_id, by=actor, actor=actor,
        text="唱标时工期读作 540 日历天，请与投标文件核对。",
    )  # fmt: skip
    await held.host(
        service.answer_objection,
        objection_id=row.id,
        actor=HOST,
        answer="经核对投标文件，工期为 540 日历天，读数无误。",
    )
    await held.pass_window(WINDOWS.objection)
    await held.advance()
    await finish(held)
    world.shown["published"] = held.tender_id
    await settle(world.app, held.tender_id)


async def finish(held: Session) -> None:
    """Draw, sign and publish the record."""
    await held.host(service.draw_record, actor=HOST)
    await held.sign(1)
    await held.pass_window(WINDOWS.record_confirm)
    await held.advance()
    await held.host(service.hand_over_files)
    await held.host(service.close)
    await held.host(service.publish_record)


async def decrypting(world: World) -> None:
    """An opening in which bidders release their keys; nine minutes are gone."""
    held = await notice(world, "示例镇污水管网提升改造工程（二期）施工", deadline=NOON + timedelta(days=21))
    await join(world, held, 0, 1, 2, 3, 4, 5, 6, 8)
    await held.to_the_keys()
    held.now += timedelta(minutes=2)
    await held.release(0, 2, 3, 5)
    world.shown["decrypting"] = held.tender_id


async def announcing(world: World) -> None:
    """An opening in which prices are being read out."""
    held = await notice(world, "示例区第三中心小学教学楼迁建工程施工", deadline=VIEW - HOUR)
    await join(world, held, 0, 1, 3, 5, 6)
    await held.to_the_announcement()
    for _ in range(3):
        await held.host(service.announce_next, atrest=openings.ATREST)
    world.shown["announcing"] = held.tender_id


async def crowded(world: World) -> None:
    """The record of an opening with two hundred bids: three real ones and their likenesses."""
    held = await notice(
        world, "示例街道老旧小区外立面综合整修工程施工", deadline=VIEW.replace(hour=1, minute=30, second=0)
    )
    await join(world, held, 0, 1, 2)
    await held.to_the_announcement()
    await held.host(service.announce_all, atrest=openings.ATREST)
    await held.advance()
    await held.host(service.analyse_prices)
    await multiply(world.db, held.tender_id, 200)
    await held.advance()
    await held.pass_window(WINDOWS.objection)
    await held.advance()
    await finish(held)
    world.shown["crowded"] = held.tender_id


async def multiply(db: Database, tender_id: str, count: int) -> None:
    """Rows like the first bid's, with other names and prices, up to *count*."""
    async with db.writing.begin() as session:
        asked = select(OpeningBid).where(OpeningBid.tender_id == tender_id).order_by(OpeningBid.number)
        rows = list((await session.execute(asked)).scalars())
        for number in range(len(rows) + 1, count + 1):
            session.add(_likeness(rows[0], number))


def _likeness(row: OpeningBid, number: int) -> OpeningBid:
    from bidding.opening.amounts import words_of

    facts = {column.name: getattr(row, column.name) for column in OpeningBid.__table__.columns}
    price = 12_000_000_000 + number * 4_321_987
    items = {**(row.items or {}), "bid_price": price, "bid_price_words": words_of(price)}
    return OpeningBid(
        **facts | {
            "number": number, "bidder_id": new_id(), "bid_id": new_id(), "items": items,
            "name": f"示例第{number}建设工程集团股份有限公司", "uscc": f"91330703MA3{number:07d}",
        }
    )  # fmt: skip


async def before_the_deadline(world: World) -> None:
    """Open for bids with an amendment and answers; paused; suspended; ended; not yet on sale."""
    later = VIEW.replace(hour=7, minute=30, second=0) + timedelta(days=3)
    held = await notice(world, "示例镇卫生院综合楼新建工程（含地下室、室外附属及智能化）施工", deadline=later)
    await join_quietly(world, held)
    async with world.db.writing.begin() as session:
        row = await session.get_one(Tender, held.tender_id)
        terms = terms_of(row)
        order = Amendment(
            tender_id=row.id, terms=openings.replace(terms, place="网上开标大厅（第二开标室）"),
            reason="调整开标室。其余内容不变。", affects_bid_preparation=False,
        )  # fmt: skip
        await amend(tenders.unit(session, NOON + timedelta(days=3)), order)
        answer = NewClarification(
            tender_id=row.id, affects_bid_preparation=False,
            text="问：投标保证金可否使用电子保函？\n答：可以，保函有效期不短于投标有效期。",
        )  # fmt: skip
        await clarify(tenders.unit(session, NOON + timedelta(days=5, hours=2)), answer)
    world.shown["bidding"] = held.tender_id
    await _halted(world, later)


async def join_quietly(world: World, held: Session) -> None:
    """Two sealed bids that nobody may notice."""
    for number in (1, 3):
        firm = world.firms[number]
        sheet = {"bid_price": 1, "manager": "某"}
        folder = await openings.sealed_folder(held, world.home, firm, number, sheet)
        order = await bids.order_of(world.db, world.vault, held.tender_id, firm, folder)
        await bids.submit(world.db, world.vault, order, firm, moment=NOON + HOUR)


async def _halted(world: World, later: datetime) -> None:
    day = timedelta(days=1)
    one = await notice(world, "示例村文化礼堂修缮工程施工", deadline=later + day)
    async with world.db.writing.begin() as session:
        firm = world.firms[0].actor
        await object_to_documents(
            tenders.unit(session, NOON + 4 * day), one.tender_id, "资格条件过高", actor=firm
        )
    two = await notice(world, "示例工业园区标准厂房（一期）施工", deadline=later + 2 * day)
    three = await notice(world, "示例河道清淤及护岸工程施工", deadline=later + 2 * day)
    async with world.db.writing.begin() as session:
        unit = tenders.unit(session, NOON + 6 * day)
        why = Halt(tender_id=two.tender_id, reason="用地手续尚需补正。", document_no="示招监〔2026〕17号")
        await suspend(unit, why, actor=tenders.SUPERVISOR)
        why = Halt(tender_id=three.tender_id, reason="项目需要重新立项。", document_no="示招监〔2026〕18号")
        await terminate(unit, why, actor=tenders.SUPERVISOR)
    four = await notice(
        world, "示例公园绿化养护及设施更新工程施工", deadline=later + 21 * day,
        docs_from=VIEW + day, docs_until=VIEW + 7 * day,
    )  # fmt: skip
    world.shown |= {
        "paused": one.tender_id, "suspended": two.tender_id, "terminated": three.tender_id,
        "announced": four.tender_id,
    }  # fmt: skip


async def after_the_deadline(world: World) -> None:
    """One that waits for its host, one that failed and is tendered again, an opening that is paused."""
    moment = NOON + timedelta(days=21)
    waiting = await notice(world, "示例镇中心幼儿园装修工程施工", deadline=moment)
    await join(world, waiting, 0, 1, 2)
    await waiting.fall()
    failed = await notice(world, "示例社区服务中心电梯加装工程施工", deadline=moment - HOUR)
    await join(world, failed, 0, 1)
    await failed.fall()
    await settle(world.app, failed.tender_id)
    again = await notice(world, "示例路灯节能改造工程施工", deadline=moment - 2 * HOUR)
    await join(world, again, 0, 1)
    await again.fall()
    async with world.db.writing.begin() as session:
        await retender(tenders.unit(session, moment), again.tender_id)
    paused = await notice(world, "示例大桥维修加固工程施工", deadline=moment)
    await join(world, paused, 0, 1, 2, 5)
    await paused.to_the_keys()
    await paused.release(0, 1)
    await paused.host(service.pause, actor=HOST, reason="网络波动，暂停十分钟。")
    world.shown |= {
        "deadline": waiting.tender_id, "failed": failed.tender_id, "retendered": again.tender_id,
        "halted": paused.tender_id,
    }  # fmt: skip


async def a_world(db: Database, home: Path) -> World:
    """All of it, with its log."""
    world = await founded(db, home)
    await before_the_deadline(world)
    await after_the_deadline(world)
    await crowded(world)
    await announcing(world)
    await decrypting(world)
    await published(world)
    await Sequencer(world.app).step()
    async with db.reading() as session:
        bid = select(Entry.id).where(Entry.kind == "bid.submitted").limit(1)
        world.receipt = await proof_for(session, (await session.execute(bid)).scalar_one())
    return world
