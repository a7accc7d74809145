"""The files of the demonstration are what they say: PDF that readers open, and noise that stays large."""

import zlib

import pypdfium2
import pytest

from web.demo.papers import MEGABYTE, write_drawings, write_pdf
from web.paper.fonts import HERE


@pytest.mark.skipif(not (HERE / "NotoSansSC-Regular.ttf").exists(), reason="the fonts are not there")
def test_a_text_document_shows_its_title_and_all_of_its_lines(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", "示例标题", [f"第 {number} 行" for number in range(50)])
    with pypdfium2.PdfDocument(path) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
        assert len(pdf) == 3
    assert "示例标题" in text
    assert all(f"第 {number} 行" in text for number in range(50))


def test_drawings_are_a_readable_pdf_of_the_size_asked_for_that_does_not_shrink(tmp_path):
    path = write_drawings(tmp_path / "d.pdf", megabytes=7)
    assert 7 * MEGABYTE <= path.stat().st_size < 10 * MEGABYTE
    with pypdfium2.PdfDocument(path) as pdf:
        assert len(pdf) == 3
        (scan,) = pdf[2].get_objects()
        assert scan.get_metadata().width == 1000
    data = path.read_bytes()
    assert len(zlib.compress(data, 6)) > 0.99 * len(data)
