"""What axe-core has to say about every page, in both languages, on a desk and on a phone."""

import os
from pathlib import Path

import pytest

from tests.web.public.browser import CHROMIUM, a_tab
from tests.web.public.shoot import a_district, judge, served

AXE = Path(os.environ.get("QIFENG_AXE", "axe.min.js"))


@pytest.mark.slow
async def test_no_page_breaks_wcag_or_scrolls_sideways(tmp_path):
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    if not AXE.is_file():
        pytest.skip("QIFENG_AXE names no axe.min.js (npm package axe-core)")
    async with a_district() as world, served(world) as origin, a_tab(tmp_path / "profile") as tab:
        assert await judge(tab, origin, world, AXE.read_text(encoding="utf-8")) == []
        assert [one for one in tab.complaints if "/nowhere" not in one] == []
