"""The whole story, once: from an empty platform to an archive that a stranger verifies."""

from contextlib import AsyncExitStack

from crypto.verify.writing import SUPERVISION
from web.demo import bidding, ending, evidence, hall, keys, notice
from web.demo.bidding import Desk
from web.demo.byhand import open_by_hand
from web.demo.cast import everyone
from web.demo.enrolment import Enrolment, found
from web.demo.home import Home
from web.demo.play import Pace, Play
from web.demo.server import serving
from web.demo.spectator import watching, witnessing
from web.demo.tell import Teller

TITLE = "示例镇村道路提升改造工程"


async def tell_once(home: Home, tell: Teller, pace: Pace) -> None:
    """Play it all. What does not hold is in *tell*; what breaks is raised."""
    async with AsyncExitStack() as stack:
        play, desk = await begin(home, tell, pace, stack), Desk()
        await bidding.prepare(play, desk)
        await play_out(play, desk, lot="QF-0001", title=TITLE)
        await afterwards(play, desk)


async def play_out(play: Play, desk: Desk, *, lot: str, title: str) -> None:
    """One tender, from its draft to its published record."""
    await notice.draft(play, lot=lot, title=title)
    await notice.hold_ceremony(play)
    async with watching(play.home.url, play.tender_id) as spectator:
        play.spectator = spectator
        deadline = await notice.publish(play, title)
        await offers(play, desk)
        await bidding.fall(play, desk, deadline)
        await opening(play, desk)
        await evidence.papers(play)


async def offers(play: Play, desk: Desk) -> None:
    """All that happens while bids are taken."""
    await bidding.talk(play)
    await bidding.pay(play)
    await bidding.bids(play, desk)
    await bidding.refusals(play, desk)
    await bidding.sign_in(play)
    await bidding.keep_secret(play)


async def opening(play: Play, desk: Desk) -> None:
    """Every step of the hall, to the published record."""
    await hall.start(play)
    await hall.roll(play, desk)
    await hall.cap(play)
    await hall.lot(play)
    await keys.releases(play, desk)
    await keys.committee(play, desk)
    await keys.layers(play)
    await ending.prices(play)
    await ending.announce(play, desk)
    await ending.objection(play)
    await ending.record(play)
    await ending.close(play)


async def afterwards(play: Play, desk: Desk) -> None:
    """What outsiders, bidders and forgers do with it."""
    found = await evidence.archives(play)
    await evidence.verify(play, found)
    await evidence.receipt(play, desk, found)
    await open_by_hand(play, desk, found[SUPERVISION])
    await evidence.forgeries(play, found)


async def begin(home: Home, tell: Teller, pace: Pace, stack: AsyncExitStack) -> Play:
    """Found the centre, start the platform, let everyone in."""
    tell.chapter("平台启动", "The platform starts")
    first = await found(home)
    home.keep_trust()
    await stack.enter_async_context(serving(home))
    tell.line(f"{home.url}  目录 {home.path}", f"{home.url}  in {home.path}")
    await stack.enter_async_context(witnessing(home.url, home.witnesses))
    tell.line("两个见证方开始对日志共签", "Two witnesses cosign the log")
    enrolment = Enrolment(home, stack, first)
    ops = await enrolment.first()
    cast = {"ops": ops, **await enrolment.enter(ops, everyone())}
    tell.line(f"{len(cast)} 人登记、领证、登录", f"{len(cast)} people registered, certified, signed in")
    return Play(home=home, tell=tell, cast=cast, pace=pace)
