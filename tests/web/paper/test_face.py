import pytest

from web.paper.face import BODY, printable


def test_what_fits_is_one_line():
    assert BODY.lines("示例甲建设有限公司", 200) == ("示例甲建设有限公司",)


def test_no_line_is_wider_than_asked_and_nothing_is_lost():
    text = "示例区东溪路道路改造工程（一期）施工总承包，含绿化、照明及附属工程。" * 5
    lines = BODY.lines(text, 97)
    assert "".join(lines) == text
    assert max(BODY.width(line) for line in lines) <= 97


def test_closing_punctuation_begins_no_line_and_opening_punctuation_ends_none():
    text = "甲乙丙丁戊，己庚（辛壬癸）子丑寅卯。" * 6
    for width in range(30, 120, 3):
        lines = BODY.lines(text, width)
        assert not [line for line in lines[1:] if line[0] in "，。）"]
        assert not [line for line in lines[:-1] if line[-1] == "（"]


def test_a_latin_word_stays_whole_where_it_fits_and_breaks_where_it_does_not():
    assert BODY.lines("Zacharias Montgomery", 60) == ("Zacharias", "Montgomery")
    assert "".join(BODY.lines("a1" * 60, 60)) == "a1" * 60


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("示例\u202e甲", "示例[U+202E]甲"),
        ("A\u200bB", "A[U+200B]B"),
        ("\U0001f600", "[U+1F600]"),
        ("a\tb", "a b"),
        ("a\x00b", "a[U+0000]b"),
        ("示例𬍛𫟹", "示例𬍛𫟹"),
    ],
)
def test_nothing_hides_in_a_text(text, shown):
    assert printable(text) == shown


def test_a_line_break_breaks_the_line():
    assert BODY.lines("甲\r\n乙", 100) == ("甲", "乙")
