"""The logs: one JSON line for each event, and nothing of a bid in any form of it."""

import json
import subprocess
import sys

import pytest

_TALK = """
import logging, structlog
from web.logs import configure
configure("INFO", "{form}")
def fails(price):
    raise ZeroDivisionError("wrong")
logging.getLogger("library").warning("from a library")
structlog.get_logger("ours").info("answered", act="bid.submit", token="canary-token")
try:
    fails("canary-price")
except ZeroDivisionError:
    structlog.get_logger("ours").exception("fault")
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_trace_shows_where_and_never_what(form):
    told = subprocess.run(
        [sys.executable, "-c", _TALK.format(form=form)], capture_output=True, text=True, check=True
    ).stderr
    assert "ZeroDivisionError: wrong" in told
    assert "canary-token" not in told
    assert told.count("canary-price") <= 1  # the line of code that wrote it down, where there is one
    assert "from a library" in told


def test_each_event_is_one_line_of_json_with_its_level_and_instant():
    told = subprocess.run(
        [sys.executable, "-c", _TALK.format(form="json")], capture_output=True, text=True, check=True
    ).stderr.splitlines()
    lines = [json.loads(line) for line in told]
    assert [line["level"] for line in lines] == ["warning", "info", "error"]
    assert lines[1]["token"] == "…"
    assert lines[1]["timestamp"].endswith("Z")
