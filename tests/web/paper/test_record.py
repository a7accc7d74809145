from io import BytesIO

import pytest
from pypdf import PdfReader

from bidding.opening.amounts import words_of
from bidding.tender.terms import ProjectType
from tests.web.paper import makers
from web.paper.failure import failure_pdf
from web.paper.lists import sign_in_pdf, submissions_pdf
from web.paper.receipt import receipt_pdf
from web.paper.record import record_pdf


def text_of(printed):
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(printed.pdf)).pages)


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("kind", list(ProjectType))
def test_every_project_type_prints_all_its_columns_and_bidders(kind):
    data = makers.record(makers.body(kind, rows=3))
    text = squeezed(text_of(record_pdf(data, makers.HOUSE)))
    for column in data.body["columns"]:
        assert squeezed(column["zh"]) in text
    assert [name for name in map(makers.name, range(3)) if name not in text] == []


@pytest.mark.parametrize("kind", [ProjectType.SUPERVISION, ProjectType.ELEVATOR])
def test_where_the_trade_asks_for_it_amounts_stand_in_words_too(kind):
    text = squeezed(text_of(record_pdf(makers.record(makers.body(kind, rows=1)), makers.HOUSE)))
    assert words_of(123_456_789) in text
    assert "1,234,567.89" in text


def test_prequalification_lists_applicants_and_no_price():
    text = text_of(record_pdf(makers.record(makers.body(ProjectType.PREQUALIFICATION)), makers.HOUSE))
    assert "资格预审申请人名单" in text
    assert "限价" not in text
    assert "抽取系数" not in text


def test_the_foot_names_who_was_not_opened_and_why():
    text = squeezed(text_of(record_pdf(makers.record(), makers.HOUSE)))
    assert "示例子丑建设有限公司未解密，视为撤销投标文件未在规定时间内释放解密密钥" in text
    assert "示例寅卯市政工程有限公司拒绝接收逾期送达" in text


def test_answers_and_signatures_stand_on_the_record_once_they_are_given():
    bare = squeezed(text_of(record_pdf(makers.record(is_signed=False), makers.HOUSE)))
    full = squeezed(text_of(record_pdf(makers.record(), makers.HOUSE)))
    assert bare.count("待签") == 4
    assert full.count("待签") == 1
    assert "示例赵六" in full
    assert "逾期未答复，视为确认" in full


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_the_same_record_is_the_same_file_whenever_it_is_printed(rows):
    data = makers.record(makers.body(rows=rows))
    first = record_pdf(data, makers.HOUSE)
    text_of(record_pdf(makers.record(makers.body(rows=2)), makers.HOUSE))  # another in between
    assert record_pdf(data, makers.HOUSE) == first


def test_another_price_is_another_file():
    one, other = makers.body(rows=1), makers.body(rows=1, rows_given=(makers.row(0, items={"bid_price": 1}),))
    assert (
        record_pdf(makers.record(one), makers.HOUSE).pdf != record_pdf(makers.record(other), makers.HOUSE).pdf
    )


def test_two_hundred_bidders_stand_on_many_pages_under_a_repeated_head():
    data = makers.record(makers.body(rows=200), is_signed=False)
    pages = PdfReader(BytesIO(record_pdf(data, makers.HOUSE).pdf)).pages
    texts = [page.extract_text() for page in pages]
    with_rows = [text for text in texts if "示例张三" in text]
    assert len(with_rows) > 5
    assert all("投标人名称" in text for text in with_rows)
    assert [f"第 {n} 页 共 {len(pages)} 页" in text for n, text in enumerate(texts, 1)] == [True] * len(pages)
    assert [name for name in map(makers.name, range(200)) if name not in squeezed("".join(texts))] == []


def test_a_cell_longer_than_a_page_goes_on_over_pages_and_loses_nothing():
    items = {"bid_price": 1, "duration_days": 1, "quality": "合格且争创示例杯" * 240, "project_manager": None}
    printed = record_pdf(
        makers.record(makers.body(rows=0, rows_given=(makers.row(0, items=items),)), is_signed=False),
        makers.HOUSE,
    )
    texts = [page.extract_text() for page in PdfReader(BytesIO(printed.pdf)).pages]
    assert sum("争创" in text for text in texts) > 1
    letters = [char for char in "".join(texts) if char == "杯"]
    assert len(letters) == 240


def test_the_place_for_the_stamp_is_on_the_last_page_inside_the_margins():
    for printed in (record_pdf(makers.record(), makers.HOUSE), receipt_pdf(makers.receipt(), makers.HOUSE)):
        pages = PdfReader(BytesIO(printed.pdf)).pages
        left, bottom, right, top = printed.box
        assert printed.page == len(pages) - 1
        assert 0 < left < right < pages[-1].mediabox.right
        assert 0 < bottom < top < pages[-1].mediabox.top


def test_the_sign_in_sheet_has_everyone_who_signed_in():
    text = squeezed(text_of(sign_in_pdf(makers.record(), makers.HOUSE)))
    assert "投标人签到表" in text
    assert "示例甲建设工程有限公司示例张三2026-11-2311:40:00" in text


def test_the_submission_sheet_tells_times_to_the_microsecond():
    text = squeezed(text_of(submissions_pdf(makers.record(), makers.HOUSE)))
    assert "2026-11-2309:59:59.999993" in text
    assert "00" * 32 in text


def test_the_receipt_holds_both_hashes_sizes_time_serial_and_the_hint():
    text = squeezed(text_of(receipt_pdf(makers.receipt(), makers.HOUSE)))
    for wanted in (
        "a1" * 32,
        "f6" * 32,
        "314,572,800",
        "10:59:59.999999",
        "5A:3C:00:19:7F",
        "妥善保存",
        makers.RARE,
    ):
        assert wanted in text
    assert "撤回时间" not in text


def test_the_receipt_of_a_withdrawn_bid_says_so():
    at = makers.receipt().received_at
    assert "撤回时间" in text_of(receipt_pdf(makers.receipt(withdrawn_at=at), makers.HOUSE))


def test_a_failed_opening_is_told_without_a_name_or_a_price():
    text = squeezed(text_of(failure_pdf(makers.failure(), makers.HOUSE)))
    assert "2家" in text
    assert "第四十四条" in text
    assert "重新招标" in text
