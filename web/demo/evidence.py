"""What an outsider does afterwards: archives, the verifier as another process, and forgeries."""

import asyncio
import json
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crypto.notes import NoteSigner
from crypto.pdf import Level, validate_pdf
from crypto.verify.bad import BAD, Bad, NotApplicable, make_bad
from crypto.verify.writing import PUBLIC, SUPERVISION
from web.client import Client
from web.demo.bidding import Desk
from web.demo.offers import Fate, of
from web.demo.play import Play
from web.demo.tell import clock, short
from web.keyring import Keyring

_LIES = (
    "one-bit", "drop-bid", "late-bid", "roll-back", "uncosigned", "swap-sheets", "early-layer",
    "other-announcement", "other-coefficient", "longer-document",
)  # fmt: skip
_PAPERS = ("record", "sign-in", "submissions")


async def papers(play: Play) -> None:
    """The record and its sheets, signed by the platform, judged as anyone's PDF reader would."""
    tell = play.tell
    tell.chapter("签名文件", "The signed papers")
    closed = play.spectator.all("opening.closed")[0].seq
    filed = await play.spectator.until(
        "paper.filed", lambda one: one.seq > closed and one.body["paper"] == "record", seconds=120
    )
    tell.line(
        "开标记录表归档",
        "The record is filed",
        f"public#{filed.seq} sha256 {short(filed.body['file_sha256'])}",
    )
    folder = play.home.folder("out")
    async with Client(play.home.url) as anyone:
        for name, tail in zip(_PAPERS, ("", "/sign-in", "/submissions"), strict=True):
            await anyone.download(play.path(f"/records/2{tail}"), folder / f"{name}.pdf")
    for name in _PAPERS:
        await _judge_paper(play, folder / f"{name}.pdf")


async def _judge_paper(play: Play, path: Path) -> None:
    home = play.home
    keys = await asyncio.to_thread(Keyring.load, home.settings().keys.directory, home.passphrase)
    now = datetime.now(UTC)
    issuers = (keys.authority.issuing.certificate,)
    signed = await asyncio.to_thread(path.read_bytes)
    judged = await asyncio.to_thread(
        validate_pdf, signed, trust=keys.authority.trust(now=now), at=now, certificates=issuers
    )
    (one,) = judged
    play.tell.check(
        one.level is Level.B_LTA, f"{path.name}:{one.signer_name} 于 {clock(one.signed_at)} 签名",
        f"{path.name}: signed by {one.signer_name} at {clock(one.signed_at)}", f"PAdES {one.level}",
    )  # fmt: skip
    code, told = await run("pdfsig", "-nocert", str(path))
    if code is not None:
        play.tell.check(
            "Signature is Valid" in told, f"pdfsig:{path.name} 签名有效", f"pdfsig: {path.name} is valid"
        )


async def archives(play: Play) -> dict[str, Path]:
    """Both editions, downloaded and unpacked; folders by edition."""
    play.tell.chapter("导出档案", "The archives")
    folder, found = play.home.folder("out"), dict[str, Path]()
    async with Client(play.home.url, seconds=600) as anyone:
        found[PUBLIC] = await _archive(play, anyone, folder, PUBLIC)
    found[SUPERVISION] = await _archive(play, play.cast["supervisor"].call, folder, SUPERVISION)
    return found


async def _archive(play: Play, call: Client, folder: Path, edition: str) -> Path:
    path = folder / f"{edition}.zip"
    await call.download(play.path("/bundle"), path, edition=edition)
    play.tell.line(
        f"{'公开版' if edition == PUBLIC else '监督版'} {path.stat().st_size / 1e6:.1f} MB",
        f"{edition} edition, {path.stat().st_size / 1e6:.1f} MB", str(path),
    )  # fmt: skip
    await asyncio.to_thread(_unpack, path, folder / edition)
    return folder / edition


def _unpack(path: Path, dest: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(dest)


async def verify(play: Play, found: dict[str, Path]) -> None:
    """Another process, no network, nothing but the archive and the trust file of the first day."""
    for edition, folder in found.items():
        play.tell.chapter(f"离线验证：{edition}", f"Offline verification: {edition}")
        code, findings = await verified(play, str(folder.with_suffix(".zip")))
        for one in findings:
            _tell_finding(play, one)
        play.tell.check(
            code == 0, f"python -m crypto.verify {edition}.zip 退出码 {code}", f"exit code {code}"
        )


def _tell_finding(play: Play, one: dict[str, Any]) -> None:
    words = "; ".join(one["words"])[:200]
    mark = {"PASS": "[green]PASS[/]", "SKIP": "[yellow]SKIP[/]"}.get(one["outcome"], "[bold red]FAIL[/]")
    play.tell.line(f"{one['step']:>3} {one['zh']}", f"{one['step']:>3} {one['en']}", words, mark=mark)


async def verified(play: Play, *words: str) -> tuple[int, list[dict[str, Any]]]:
    """The verifier's exit code and findings."""
    trust = play.home.path / "out" / "trust.json"
    code, told = await run(
        sys.executable, "-m", "crypto.verify", *words, "--trust", str(trust), "--json",
        env=play.home.environment(),
    )  # fmt: skip
    try:
        return code or 0, json.loads(told)["findings"]
    except ValueError:
        play.tell.check(False, told[-2000:], told[-2000:])
        return 2, []


async def receipt(play: Play, desk: Desk, found: dict[str, Path]) -> None:
    """A bidder checks its own receipt, files and key against the public archive."""
    key = of(Fate.LARGE).key
    player, packed = play.cast[key], desk.packed[key]
    play.tell.chapter(f"{player.name} 自验回执", f"{key} verifies its own receipt")
    folder = play.home.folder("out")
    path, identity = folder / "receipt.tlog-proof", folder / "receipt.key"
    proof = await player.call.read(play.path(f"/receipts/{desk.receipts[key]['seq']}/proof"))
    path.write_bytes(proof)
    identity.write_text(await asyncio.to_thread(packed.identity) + "\n", encoding="utf-8")
    words = ("--receipt", str(path), "--mine", str(packed.folder), "--key", str(identity))
    code, findings = await verified(play, str(found[PUBLIC]), *words)
    for one in findings:
        if one["step"].startswith("B"):
            _tell_finding(play, one)
    play.tell.check(code == 0, f"回执验证退出码 {code}", f"exit code {code}")


async def forgeries(play: Play, found: dict[str, Path]) -> None:
    """Lies about the archive, told by someone who even has the log's own key: each fails at its step."""
    home = play.home
    play.tell.chapter("伪造的档案", "Forged archives")
    keys = await asyncio.to_thread(Keyring.load, home.settings().keys.directory, home.passphrase)
    signer = keys.log_signer(home.settings().log.name)
    gate = asyncio.Semaphore(2)

    async def one(bad: Bad) -> None:
        async with gate:
            await _forge(play, found[PUBLIC], bad, signer)

    await asyncio.gather(*(one(bad) for bad in BAD if bad.name in _LIES))


async def _forge(play: Play, good: Path, bad: Bad, signer: NoteSigner) -> None:
    dest = play.home.folder("bad") / bad.name
    try:
        await asyncio.to_thread(make_bad, good, dest, bad, signer=signer)
    except NotApplicable:
        play.tell.line(f"{bad.zh}：此档案无从伪造", f"{bad.en}: nothing here to tell it about")
        return
    code, findings = await verified(play, str(dest))
    failed = [one["step"] for one in findings if one["outcome"] == "FAIL"]
    steps = ", ".join(failed)
    play.tell.check(
        code == 1 and bad.step in failed, f"{bad.zh} → {steps} 不通过", f"{bad.en} → fails at {steps}",
        bad.name,
    )  # fmt: skip


async def run(*words: str, env: dict[str, str] | None = None) -> tuple[int | None, str]:
    """Exit code and output of a program; None where there is no such program."""
    try:
        process = await asyncio.create_subprocess_exec(
            *words, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
    except FileNotFoundError:
        return None, ""
    told, _ = await process.communicate()
    return process.returncode, told.decode(errors="replace")
