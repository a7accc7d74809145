"""The parent outlives its children: each limit has its name, and no child outlives its limit."""

import asyncio
import os
import resource
import sys
from dataclasses import replace

import pytest

from tests.web.inspection import bombs
from tests.web.inspection.bombs import MIB
from tests.web.inspection.conftest import SMALL
from web.inspection import inspector
from web.inspection.inspector import inspect
from web.inspection.judgement import Judgement


@pytest.fixture
def child(monkeypatch, tmp_path):
    """Let the child be another program: one that went mad."""

    def becomes(program):
        path = tmp_path / "mad.py"
        path.write_text(program)
        monkeypatch.setattr(inspector, "_COMMAND", (sys.executable, "-P", "-s", str(path)))

    return becomes


SIGNALS = {"SIGABRT": "aborted", "SIGTRAP": "aborted", "SIGSEGV": "crashed", "SIGKILL": "killed",
           "SIGXCPU": "cpu", "SIGUSR1": "killed"}  # fmt: skip


@pytest.mark.parametrize("name", SIGNALS)
async def test_a_child_that_dies_by_a_signal_gives_its_name(judged, child, name):
    child(f"import os, signal; os.kill(os.getpid(), signal.{name})")
    found = await judged("a.pdf", bombs.sound_pdf())
    assert found == Judgement("pdf", (f"file-unsafe:{SIGNALS[name]}",), {})


async def test_what_was_found_before_the_death_is_kept(judged, child):
    said = Judgement("pdf", ("pdf-javascript",), {"pages": 3})
    child(f"import os; os.write(1, {said.raw()!r} + b'half a li'); os.abort()")
    found = await judged("a.pdf", bombs.sound_pdf())
    assert found == Judgement("pdf", ("file-unsafe:aborted", "pdf-javascript"), {"pages": 3})


@pytest.mark.parametrize("program", ["", "print('{}')", "print('x' * 10)", "print('[' * 60000)",
                                     "import sys; sys.exit(3)"])  # fmt: skip
async def test_a_child_that_talks_nonsense_or_nothing_is_not_believed(judged, child, program):
    child(program)
    found = await judged("a.pdf", bombs.sound_pdf())
    assert found.findings in {("file-unsafe:noise",), ("file-unsafe:failed",)}


async def test_a_child_that_never_stops_talking_stands_still_and_is_killed(judged, child):
    child("while True: print('x' * 1000, flush=True)")
    assert (await judged("a.txt", b"1", replace(SMALL, wall=0.5))).findings == ("file-unsafe:time",)


async def test_a_grandchild_that_keeps_the_pipe_open_holds_nobody_up(judged, child):
    child(
        "import os, time\n"
        "if os.fork() == 0: os.setsid(); time.sleep(5); os._exit(0)\n"
        'print(\'{"kind": "text", "findings": [], "facts": {}}\')'
    )
    loop = asyncio.get_running_loop()
    started = loop.time()
    assert (await judged("a.txt", b"1")).findings == ()
    assert loop.time() - started < 4


async def test_a_child_that_hangs_is_killed_at_the_limit(judged, child):
    child("import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    loop = asyncio.get_running_loop()
    started = loop.time()
    found = await judged("a.txt", b"1", replace(SMALL, wall=0.5))
    assert "file-unsafe:time" in found.findings
    assert loop.time() - started < 5


async def test_a_cancelled_inspection_leaves_no_child(child, tmp_path):
    child(f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    (tmp_path / "a.txt").write_bytes(b"1")
    task = asyncio.create_task(inspect(tmp_path / "a.txt", SMALL))
    while not (pid := await asyncio.to_thread(_content, tmp_path / "pid")):
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def _content(path):
    return path.read_text() if path.exists() else ""


async def test_the_processor_limit_ends_a_child_that_works_too_long(judged):
    limits = replace(SMALL, cpu=1, unpacked=1 << 40, stream=1 << 40)
    found = await judged("a.pdf", bombs.slow_pdf(300 * MIB, 10), limits)
    assert "file-unsafe:cpu" in found.findings
    assert (found.kind, found.facts["pages"]) == ("pdf", 1)


async def test_the_memory_limit_ends_a_child_that_holds_too_much(judged):
    limits = replace(SMALL, memory=200 * MIB, unpacked=1 << 40, stream=1 << 40, held=1 << 40)
    archive = bombs.zipped({"a.zip": bombs.zipped({"a": os.urandom(MIB)}) + bytes(180 * MIB)})
    found = await judged("a.zip", archive, limits)
    assert "file-unsafe:memory" in found.findings


async def test_pdfium_itself_aborts_and_what_pypdf_found_before_is_kept(judged):
    found = await judged("a.pdf", bombs.lzw_bomb())
    assert found.findings == ("file-unsafe:aborted", "pdf-over-limit")
    assert found.facts["pages"] == 1


async def test_the_parent_keeps_its_memory_whatever_the_child_unpacks(judged):
    flate, archive = bombs.flate_bomb(300 * MIB), bombs.zip_bomb(300 * MIB)
    before = _peak()
    await judged("a.pdf", flate)
    await judged("b.zip", archive)
    assert _peak() - before < 20 * MIB


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def test_no_more_than_two_children_live_at_a_time(child, tmp_path):
    log = tmp_path / "log"
    child(
        f"import os, time; f = open({str(log)!r}, 'ab', 0); f.write(b'+'); time.sleep(0.15); f.write(b'-')\n"
        'print(\'{"kind": "text", "findings": [], "facts": {}}\')'
    )
    (tmp_path / "a.txt").write_bytes(b"1")
    found = await asyncio.gather(*(inspect(tmp_path / "a.txt", SMALL) for _ in range(6)))
    living = most = 0
    for mark in log.read_text():
        living += 1 if mark == "+" else -1
        most = max(most, living)
    assert (most, len(found)) == (2, 6)


async def test_no_secret_of_the_server_reaches_the_child(judged, child, monkeypatch):
    monkeypatch.setenv("QIFENG_KEYS__PASSPHRASE", "secret")
    child("import os, sys; sys.exit('QIFENG_KEYS__PASSPHRASE' in os.environ)")
    assert (await judged("a.txt", b"1")).findings == ("file-unsafe:failed",)
    child(
        "import os; assert not any(one.startswith('QIFENG') for one in os.environ)\n"
        'print(\'{"kind": "text", "findings": [], "facts": {}}\')'
    )
    assert (await judged("a.txt", b"1")).findings == ()


async def test_the_child_may_neither_write_a_file_nor_start_another(tmp_path):
    program = (
        "import signal; from web.inspection.worker import confine; from web.inspection.limits import Limits\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); confine(Limits())\n"
        f"f = open({str(tmp_path / 'out')!r}, 'wb', 0)\n"
        "try: f.write(b'x')\n"
        "except OSError as error: print(error.errno)"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, env=inspector._ENVIRONMENT
    )
    said, _ = await child.communicate()
    assert said.split() == [b"27"]
    assert (tmp_path / "out").stat().st_size == 0
