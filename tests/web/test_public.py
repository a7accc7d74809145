"""The public pages: whole without JavaScript, in two languages, silent about what is secret."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bidding.acts import BidderAct, PublicAct
from bidding.bid.vault import LocalVault
from bidding.opening import service
from bidding.opening.states import Answer, BidStatus
from bidding.tender.states import TenderState
from crypto.ledger.acts import KINDS
from crypto.ledger.log_queries import proof_for
from crypto.notes import NoteSigner
from crypto.receipts import promise
from crypto.trust import Trust
from tests.bidding.opening.makers import a_meeting
from tests.bidding.tender import makers
from tests.conftest import NOON, at
from web.app import App, application
from web.public import words
from web.public.writing import beijing, rate, remaining, yuan
from web.sequencing import Sequencer
from web.settings import Settings
from web.unit import working


@dataclass(frozen=True, kw_only=True)
class Handed(BidderAct):
    kind = "test.handed-in"
    words: str


@pytest.fixture
def app(db):
    signer = NoteSigner("log.qifeng.example", Ed25519PrivateKey.generate())
    made = App(settings=Settings(), db=db, clock=at(NOON), log_signer=signer)
    made.trust_file = Trust(log_vkey=str(signer.vkey))
    return made


@pytest.fixture
def vault(tmp_path):
    made = LocalVault(tmp_path / "objects")
    yield made
    made.close()


@pytest.fixture
async def client(app, aiohttp_client):
    return await aiohttp_client(application(app))


async def put(db, **over):
    async with db.writing.begin() as session:
        return await makers.tender(session, **over)


async def publish(db, **over):
    async with db.writing.begin() as session:
        return await makers.on_sale(session, **over)


class Outline(HTMLParser):
    """What a checker of accessibility looks at first."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.labelled, self.fields, self.headings = [], [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self.tags.append((tag, facts))
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag == "label":
            self.labelled.add(facts["for"])
        if tag in {"input", "select", "textarea"} and facts.get("type") != "hidden":
            self.fields.append(facts["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def judge(text, lang="zh-CN"):
    found = Outline(text)
    assert dict(found.tags)["html"] == {"lang": lang}
    assert len(found.ids) == len(set(found.ids))
    assert set(found.fields) <= found.labelled
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert all(
        facts.get("src", "").startswith("/assets/clock.js?") for tag, facts in found.tags if tag == "script"
    )
    assert not any(name == "style" or name.startswith("on") for _, facts in found.tags for name in facts)
    return found


async def page_of(client, path, *, status=200, lang="zh-CN"):
    answer = await client.get(path, headers={"Accept": "text/html"})
    text = await answer.text()
    assert (answer.status, answer.content_type) == (status, "text/html"), text
    judge(text, lang)
    return text


async def test_notices_are_listed_newest_first_and_found_by_title(client, db):
    one = await put(db, title="示例一号桥梁工程")
    two = await put(db, title="示例二号道路工程", state=TenderState.SUSPENDED)
    draft = await put(db, title="示例秘密草稿工程", state=TenderState.DRAFT)
    text = await page_of(client, "/")
    assert text.index(two.title) < text.index(one.title)
    assert draft.title not in text
    assert "投标中" in text
    found = await page_of(client, "/?q=桥梁")
    assert one.title in found
    assert two.title not in found
    paused = await page_of(client, "/?state=suspended")
    assert (one.title in paused, two.title in paused) == (False, True)


async def test_an_empty_list_says_when_something_will_appear(client):
    assert "没有符合条件的公告" in await page_of(client, "/?q=没有")


async def test_the_next_page_goes_on_where_the_first_ended(client, db):
    for number in range(21):
        await put(db, title=f"示例第{number:02}号工程")
    first = await page_of(client, "/")
    following = re.search(r'rel="next" href="([^"]+)"', first).group(1).replace("&amp;", "&")
    second = await page_of(client, following)
    listed = "<h3><a[^>]*>示例第..号工程"
    assert len(re.findall(listed, first)) == 20
    assert len(re.findall(listed, second)) == 1


async def test_the_tender_page_shows_terms_timeline_and_countdown_in_both_languages(client, db):
    tender = await publish(db)
    text = await page_of(client, f"/tenders/{tender.id}")
    assert "9,900,000.00" in text
    assert re.search('data-until="2026-12-14T04:00:00[^"]*"[^>]*>21 天</p>', text)
    assert "发布招标公告" in text
    assert tender.notice_sha256 in text
    english = await page_of(client, f"/tenders/{tender.id}?lang=en", lang="en")
    assert "Notice published" in english
    assert "21 d" in english


async def test_the_tender_page_tells_nothing_of_who_or_how_many_before_the_deadline(client, app, db):
    tender = await publish(db)
    before = await page_of(client, f"/tenders/{tender.id}")
    for org in ("o-canary-1", "o-canary-2"):
        async with working(app, by=f"{org}/p") as unit:
            await unit.record(Handed(tender_id=tender.id, bidder_id=org, words="canary"))
    assert await page_of(client, f"/tenders/{tender.id}") == before


async def test_a_draft_or_an_unknown_tender_is_absent_alike(client, db):
    draft = await put(db, state=TenderState.DRAFT)
    hidden = await client.get(f"/tenders/{draft.id}")
    unknown = await client.get(f"/tenders/{draft.id[:-4]}0000")
    assert hidden.status == unknown.status == 404
    assert (await hidden.json())["code"] == (await unknown.json())["code"]
    assert "404" in await page_of(client, f"/tenders/{draft.id}", status=404)


async def test_the_record_is_shown_once_it_is_published(client, app, db, vault, tmp_path):
    meeting = await a_meeting(db, vault, tmp_path)
    await meeting.to_the_close()
    assert (await client.get(f"/tenders/{meeting.tender_id}/record")).status == 404
    await meeting.host(service.close)
    await meeting.host(service.publish_record)
    text = await page_of(client, f"/tenders/{meeting.tender_id}/record")
    from tests.bidding.opening.makers import PRICES

    assert all(yuan(price) in text for price in PRICES[:3])
    assert "元" in text
    await page_of(client, f"/tenders/{meeting.tender_id}/record?lang=en", lang="en")
    assert "公布开标记录" in await page_of(client, f"/tenders/{meeting.tender_id}")
    assert "公布投标人名单" in await page_of(client, f"/tenders/{meeting.tender_id}/events")


@pytest.fixture
async def receipt(app, db):
    async with working(app, by="o9/p9") as unit:
        entry = await unit.record(Handed(tender_id="T1", bidder_id="o9", words="标书"))
    await Sequencer(app).step()
    async with db.reading() as session:
        return await proof_for(session, entry.id)


async def checked(client, **fields):
    from aiohttp import FormData

    form = FormData()
    for name, value in fields.items():
        form.add_field(name, value, filename="r.tlog-proof" if name == "receipt" else None)
    form.add_field("other", "", filename="empty")
    answer = await client.post("/verify", data=form, headers={"Accept": "text/html"})
    text = await answer.text()
    judge(text)
    return re.findall(r'class="(pass|fail)"', text)


async def test_a_receipt_that_is_uploaded_or_pasted_is_checked_step_by_step(client, receipt):
    assert await checked(client, receipt=receipt, text="") == ["pass"] * 5
    assert await checked(client, text=receipt.replace("\n", "\r\n")) == ["pass"] * 5


async def test_an_altered_receipt_fails_at_a_named_step(client, receipt):
    lines = receipt.split("\n")
    index = next(i for i, line in enumerate(lines) if line.startswith("index "))
    lines[index] = f"index {int(lines[index].split()[1]) ^ 1}"
    assert (await checked(client, text="\n".join(lines)))[-1] == "fail"
    assert await checked(client, text="not a receipt") == ["fail"]
    assert await checked(client, receipt="", text="") == ["fail"]


async def test_a_promise_is_checked_for_what_it_is(client, app):
    async with working(app, by="o9/p9") as unit:
        entry = await unit.record(Handed(tender_id="T1", bidder_id="o9", words="标书"))
    given = promise(entry, signer=app.log_signer, at=NOON).dumps()
    assert await checked(client, text=given) == ["pass"] * 4


async def test_a_receipt_of_another_ledger_is_told_apart(client, app, receipt, db):
    from sqlalchemy import text

    async with db.writing.begin() as session:
        if db.is_sqlite:
            await session.execute(text("DROP TRIGGER ledger_entry_no_delete"))
        else:
            await session.execute(text("ALTER TABLE ledger_entry DISABLE TRIGGER ALL"))
        await session.execute(text("UPDATE log_leaf SET entry_id = NULL"))
        await session.execute(text("DELETE FROM ledger_entry"))
    assert (await checked(client, text=receipt))[-1] == "fail"


async def test_the_log_page_shows_the_checkpoint(client, app, receipt):
    text = await page_of(client, "/log")
    assert str(app.log_signer.vkey).split("+")[0] in text
    await page_of(client, "/log?lang=en", lang="en")


async def test_the_style_is_served_and_nothing_else_beside_it(client):
    answer = await client.get("/assets/site.css")
    assert (answer.status, answer.content_type) == (200, "text/css")
    for odd in ("/assets/..%2Fpages.py", "/assets/pages.py", "/assets/"):
        assert (await client.get(odd)).status in {404, 422}


async def test_what_people_typed_is_shown_as_text(client, db):
    await put(db, title="<script>alert(1)</script>")
    text = await page_of(client, '/?q=<script>"')
    assert "<script>" not in text


def test_every_public_act_has_its_words_in_both_languages():
    public = {
        kind for kind, act in KINDS.items() if issubclass(act, PublicAct) and not kind.startswith("test.")
    }
    assert public - set(words.ACTS) == set()


def test_every_state_has_its_words():
    assert {state.value for state in TenderState} == set(words.STATES)
    assert {state.value for state in BidStatus} == set(words.BID_STATES)
    assert {state.value for state in Answer} == set(words.ANSWERS)


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(days=3, hours=2, minutes=9), "3 天 2 小时"),
        (timedelta(hours=2, minutes=9), "2 小时 9 分钟"),
        (timedelta(days=21), "21 天"),
        (timedelta(hours=2), "2 小时 0 分钟"),
        (timedelta(seconds=59), "0 分钟"),
        (timedelta(0), "0 分钟"),
        (-timedelta(microseconds=1), ""),
    ],
)
def test_the_rest_of_the_time_is_said_in_two_units(left, shown):
    assert remaining(NOON + left, NOON, "zh") == shown


def test_money_rates_and_instants_are_written_the_local_way():
    assert (yuan(12_345_678_90), yuan(5), yuan(-1), yuan(None)) == ("12,345,678.90", "0.05", "-0.01", "—")
    assert (rate(345), rate(-5), rate(None)) == ("3.45%", "-0.05%", "—")
    assert (beijing(NOON), beijing(NOON.isoformat(), seconds=True)) == (
        "2026-11-23 12:00",
        "2026-11-23 12:00:00",
    )
