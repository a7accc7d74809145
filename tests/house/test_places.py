"""Things that may stand in one place only, as tests and not as memory."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("crypto", "bidding", "evaluation", "web")


def modules(*rooms):
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py")) if "ui" not in path.parts]


def calls(path):
    """The dotted names that a module calls, with their lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def offenders(rooms, pattern, allowed):
    return [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in modules(*rooms)
        if str(path.relative_to(ROOT)) not in allowed
        for name, line in calls(path)
        if re.search(pattern, name)
    ]


def test_nobody_reads_a_clock_but_the_database_does():
    clocks = r"(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?|^time\(\)|monotonic_ns)$"
    outside = {
        "crypto/ledger/engine.py",  # SQLite's share of the one clock
    }
    found = offenders(("crypto", "bidding", "evaluation"), clocks, outside)
    assert found == []


def test_only_the_unit_commits():
    # `draws.commit` is a party's promise, not a database's.
    assert offenders(ROOMS, r"(?<!draws)\.commit$", {"web/unit.py"}) == []


def test_only_the_publisher_and_the_hall_emit():
    assert (
        offenders(ROOMS, r"\.emit$", {"web/live/publisher.py", "web/live/server.py", "web/live/manager.py"})
        == []
    )


def test_only_the_unit_and_the_clock_publish():
    measured = "web/bench/hall.py"  # measures the publisher itself
    allowed = {"web/unit.py", "web/live/server.py", measured}
    assert offenders(ROOMS, r"publisher\.(publish|head)$", allowed) == []


def test_migrations_import_nothing_of_ours():
    own = {
        f"{path.name}: {name}"
        for path in (ROOT / "migrations" / "versions").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in imported(node)
        if name.split(".")[0] in ROOMS
    }
    assert own == set()


def imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_each_module_says_in_one_sentence_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(*ROOMS)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


@pytest.mark.parametrize("word", ["tenderer"])
def test_a_word_that_means_two_things_is_never_used(word):
    users = [
        str(path.relative_to(ROOT))
        for path in modules(*ROOMS)
        if re.search(rf"\b{word}s?\b", path.read_text(), re.IGNORECASE)
    ]
    assert users == []


def test_the_distributions_are_known_by_the_names_they_are_published_under():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = [
        *project["project"]["dependencies"],
        *(one for one in project["dependency-groups"]["dev"] if isinstance(one, str)),
    ]
    listed += [one for extra in project["project"]["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[\[<>=;! ]", line, maxsplit=1)[0].lower() for line in listed}
    # Names that look right and belong to someone else, or break ours on some disks.
    assert (
        names & {"pycryptodome", "crypto", "redis", "socketio", "jinja", "pydantic_settings", "orjson"}
        == set()
    )
    locked = (ROOT / "requirements.lock").read_text().lower()
    runtime = {
        re.split(r"[\[<>=;! ]", line, maxsplit=1)[0].lower() for line in project["project"]["dependencies"]
    }
    assert {
        name
        for name in runtime
        if not re.search(rf"^{re.escape(name).replace('_', '[-_]')}==", locked, re.MULTILINE)
    } == set()


def test_lock_files_hold_hashes_and_no_addresses():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"(?m)^(--index-url|--extra-index-url|.*https?://)", text), path.name
