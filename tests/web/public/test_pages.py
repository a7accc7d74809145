"""A whole district's pages: small, complete in both languages, and true to the state of each tender."""

import re

import pytest

from tests.web.public.world import CAP, FIRMS
from tests.web.test_public import judge
from web.app import App, application
from web.endpoint import gather
from web.public import files
from web.public.rendering import ASSETS
from web.public.writing import yuan
from web.settings import Settings

SEALED = ("tender-bidding", "tender-paused", "tender-suspended", "tender-terminated", "tender-announced")
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_every_page_is_well_formed_in_both_languages(district):
    for (name, lang), page in district.pages.items():
        assert page.status == (404 if name == "absent" else 200), (name, page.text[:300])
        judge(page.text, "en" if lang == "en" else "zh-CN")


def test_no_page_weighs_more_than_thirty_kibibytes(district):
    heavy = {key: page.wire for key, page in district.pages.items() if page.wire > 30 * 1024}
    assert heavy == {}


def test_a_record_of_two_hundred_bids_shows_every_one(district):
    assert district.text("record-crowded").count('<tr role="row">') == 201
    assert "示例第200建设工程集团股份有限公司" in district.text("record-crowded")


@pytest.mark.parametrize("name", SEALED)
def test_before_the_deadline_no_page_names_a_bidder_or_tells_how_many(district, name):
    for lang in ("zh", "en"):
        text = district.text(name, lang)
        assert not [firm for firm, _, _ in FIRMS if firm in text]
        assert "投标人一览" not in text
        assert not re.search(r"[0-9]+ ?(家|bids|bidders)", text)


def test_the_list_of_notices_names_no_bidder(district):
    assert not [firm for firm, _, _ in FIRMS if firm in district.text("notices")]


def test_a_tender_open_for_bids_counts_down_by_the_clock_of_the_server(district):
    text = district.text("tender-bidding")
    assert re.search(r'role="timer" data-until="2026-12-17T07:30:00\+00:00"[^>]*>3 天 3 小时<', text)
    assert re.search(r'data-now="2026-12-14T04:09:\d\d', text)
    assert "调整开标室" in text
    assert "电子保函" in text


@pytest.mark.parametrize("name", ["tender-paused", "tender-suspended", "tender-halted"])
def test_what_stands_still_counts_nothing_down(district, name):
    assert "data-until" not in district.text(name)


def test_a_suspended_tender_says_why_and_under_which_document(district):
    text = district.text("tender-suspended")
    assert "用地手续尚需补正。" in text
    assert "示招监〔2026〕17号" in text
    assert "other" not in re.findall(r'<span class="quiet"> · ([^<]*)<', text)[0]


def test_an_opening_shows_its_step_and_no_price_before_it_is_read_out(district):
    text = district.text("tender-decrypting")
    here = re.search(r'<li class="here" aria-current="step">.*?<span>([^<]*)</span>', text)
    assert here.group(1) == "投标人解密"
    assert re.search(r"4 <small>/ 8 已交出密钥", text)
    assert FIRMS[6][0] in text
    assert not [price for _, price, _ in FIRMS if yuan(price) in text]


def test_while_prices_are_read_out_only_those_that_were_are_shown(district):
    text = district.text("tender-announcing")
    assert [yuan(FIRMS[number][1]) in text for number in (0, 1, 3, 5, 6)] == [True, True, True, False, False]
    assert text.count("密封中") == 2
    assert re.search(r"3 <small>/ 5 已唱标", text)


def test_the_names_stay_hidden_until_the_host_publishes_the_list(district):
    text = district.text("tender-deadline")
    assert "名单密封中" in text
    assert not [firm for firm, _, _ in FIRMS if firm in text]


def test_a_paused_opening_shows_the_reason_and_the_time_that_is_left(district):
    text = district.text("tender-halted")
    assert "网络波动，暂停十分钟。" in text
    assert "计时已暂停" in text


def test_a_failed_tender_says_that_nothing_was_opened_and_offers_its_record(district):
    text = district.text("tender-failed")
    assert "2 家，至少需要 3 家" in text
    assert "投标文件一份也没有打开。" in text
    assert f'/api/tenders/{district.shown["failed"]}/failure"' in text


def test_a_tender_that_was_put_out_again_does_not_betray_the_draft(district):
    text = district.text("tender-retendered")
    assert "已经重新招标" in text
    assert "重新招标的公告：" not in text


def test_the_published_record_is_offered_with_its_files_and_their_hashes(district):
    text, id_ = district.text("record"), district.shown["published"]
    for path in ("records/1", "records/1/sign-in", "records/1/submissions"):
        assert f'href="/api/tenders/{id_}/{path}"' in text
    assert len(re.findall(r"SHA-256 [0-9a-f]{64}", text)) == 3
    assert "超过最高投标限价" in text
    assert "未在规定时间内交出解密密钥" in text
    assert "读数无误" in text


def test_prices_above_the_cap_are_told_from_those_below(district):
    rates = re.findall(r'<span class="mark"><span class="num">(-?[\d.]+%)', district.text("record"))
    below = [(CAP - price) / CAP for number, (_, price, _) in enumerate(FIRMS) if number != 4]
    assert rates == [f"{100 * one:.2f}%" for one in below]
    assert district.text("record").count('class="over"') == 1


def test_the_english_pages_leave_no_sentence_in_chinese(district):
    for name in ("log", "verify", "absent", "nothing-found"):
        text = district.text(name, "en")
        shown = re.sub(r"<(script|style|option|title).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
        left = [word for word in shown.split() if HAN.search(word) and not re.search("示例|启封|中文", word)]
        assert left == [], name


def test_the_other_language_keeps_what_was_asked_for(district):
    text = district.text("nothing-found")
    assert re.search(r'class="tongue" href="/\?q=%E6%B2%A1[^"]*&amp;lang=en"', text)


def test_older_entries_are_a_page_of_their_own(district):
    text = district.text("events")
    numbers = [int(one) for one in re.findall(r"#(\d+) ·", text)]
    assert numbers == list(range(numbers[0], 0, -1))
    assert re.search(r"[0-9a-f]{64}", text)


def test_every_colour_and_measure_is_a_token():
    tokens, site = ((ASSETS / name).read_text() for name in ("tokens.css", "site.css"))
    assert set(re.findall(r"var\((--[\w-]+)\)", site)) <= set(re.findall(r"(--[\w-]+):", tokens))


def test_every_icon_that_a_page_names_is_drawn(district):
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ASSETS / "icons.svg").read_text()))
    texts = [page.text for page in district.pages.values()]
    named = {one for text in texts for one in re.findall(r'icons\.svg[^"#]*#([\w-]+)', text)}
    assert named <= drawn


def test_the_clock_writes_text_alone_so_that_trusted_types_hold():
    script = (ASSETS / "clock.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


async def test_assets_go_packed_to_whoever_can_unpack_them(aiohttp_client):
    client = await aiohttp_client(application(App(settings=Settings(), db=None), gather([files])))
    for name, kind in files.KINDS.items():
        content = (ASSETS / name).read_bytes()
        for accepted, packed in (("gzip", len(content) > 1024), ("identity", False)):
            answer = await client.get(f"/assets/{name}", headers={"Accept-Encoding": accepted})
            assert (answer.status, answer.content_type) == (200, kind)
            assert ("Content-Encoding" in answer.headers) is packed
            assert await answer.read() == content
