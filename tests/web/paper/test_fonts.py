import re
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader

from tests.web.paper import makers
from web.paper import fonts
from web.paper.fonts import to_unicode
from web.paper.record import record_pdf
from web.refusals import FontsAbsent


@pytest.fixture(scope="module")
def printed():
    row = makers.row(0, bidder=makers.RARE)
    return record_pdf(makers.record(makers.body(rows=0, rows_given=(row,))), makers.HOUSE).pdf


def test_rare_characters_of_a_name_are_copied_back_out_by_pypdf(printed):
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages)
    assert makers.RARE in text


def test_rare_characters_of_a_name_are_copied_back_out_by_pdfium(printed):
    document = pypdfium2.PdfDocument(printed)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert makers.RARE in text


def test_a_character_above_ffff_stands_as_a_pair_of_surrogates():
    assert "<01> <D870DF5B>" in to_unicode("X", [0, 0x2C35B])


def test_no_block_of_the_map_holds_more_than_a_hundred_pairs():
    text = to_unicode("X", list(range(0x4E00, 0x4E00 + 256)))
    assert [int(one) for one in re.findall(r"(\d+) beginbfchar", text)] == [100, 100, 56]


def test_everything_drawn_is_embedded_and_no_font_of_the_viewer_is_asked_for(printed):
    for page in PdfReader(BytesIO(printed)).pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font["/FontDescriptor"]


def test_missing_fonts_are_named_with_the_command_that_fetches_them(monkeypatch, tmp_path):
    monkeypatch.setattr(fonts, "HERE", tmp_path)
    with pytest.raises(FontsAbsent) as caught:
        fonts.path(fonts.REGULAR)
    assert "python3 run.py serve" in caught.value.texts()["zh"]["remedy"]
