"""A released bid opened without any program of ours: Debian's age peels the layers, one after the other."""

import asyncio
import hashlib
import json
import shutil
import tarfile
from pathlib import Path

from web.demo.bidding import Desk
from web.demo.ending import price_of
from web.demo.offers import Fate, Offer, of
from web.demo.play import Play
from web.demo.tell import yuan

AGE = "age"


async def open_by_hand(play: Play, desk: Desk, bundle: Path) -> None:
    """From the supervision edition: two layers, the bidder's own, the sheet, and the large documents."""
    tell, offer = play.tell, of(Fate.LARGE)
    tell.chapter("用 age 手工开启", "Opened by hand with age")
    if shutil.which(AGE) is None:
        tell.line(
            "本机没有 age（apt install age），跳过", "age is not installed here (apt install age): skipped"
        )
        return
    bid_id, work = desk.receipts[offer.key]["bid_id"], play.home.folder("by-hand")
    folder, layers = bundle / "bids" / bid_id, _layer_files(play, work)
    identities = [*layers, bundle / "keys" / f"{bid_id}.txt"]
    for name in ("sheet", "docs"):
        await _peel(folder / f"key-{name}.age", identities, work / f"{name}.txt")
    tell.line("age 依次剥开两层密钥层和投标人密钥层", "age peels both layers and the bidder's own")
    await _check_sheet(play, offer, folder, work)
    await _check_drawings(play, desk, offer, folder, work)


def _layer_files(play: Play, work: Path) -> list[Path]:
    """The identities as the public stream tells them, each in a file."""
    files = []
    for entry in sorted(play.spectator.all("key.layer-released"), key=lambda one: int(one.body["order"])):
        path = work / f"layer-{entry.body['order']}.txt"
        path.write_text(entry.body["identity"] + "\n", encoding="utf-8")
        files.append(path)
    return files


async def _peel(sealed: Path, identities: list[Path], dest: Path) -> None:
    for number, identity in enumerate(identities, 1):
        last = number == len(identities)
        peeled = dest if last else dest.with_suffix(f".{number}.age")
        await _age(identity, sealed, peeled)
        sealed = peeled


async def _age(identity: Path, sealed: Path, dest: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        AGE, "--decrypt", "--identity", str(identity), "--output", str(dest), str(sealed),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, told = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"age: {told.decode(errors='replace')}")


async def _check_sheet(play: Play, offer: Offer, folder: Path, work: Path) -> None:
    await _age(work / "sheet.txt", folder / "sheet.age", work / "sheet.json")
    sheet = json.loads((work / "sheet.json").read_text(encoding="utf-8"))["sheet"]
    play.tell.check(
        sheet["bid_price"] == price_of(offer), f"开标一览表：{yuan(sheet['bid_price'])}，与唱标一致",
        f"The sheet says {yuan(sheet['bid_price'])}, as was announced", "age -d -i sheet.txt sheet.age",
    )  # fmt: skip


async def _check_drawings(play: Play, desk: Desk, offer: Offer, folder: Path, work: Path) -> None:
    await _age(work / "docs.txt", folder / "docs.age", work / "docs.tar")
    same, size = await asyncio.to_thread(_same_files, work / "docs.tar", desk.files[offer.key])
    play.tell.check(
        same, f"投标文件共 {size / 1e6:.0f} MB，与原件逐字节一致",
        f"The documents, {size / 1e6:.0f} MB, are the originals byte for byte",
        "age -d -i docs.txt docs.age | tar x",
    )  # fmt: skip


def _same_files(archive: Path, originals: list[Path]) -> tuple[bool, int]:
    wanted = {path.name: _sha256(path) for path in originals}
    found = dict[str, str]()
    with tarfile.open(archive) as tar:
        for member in tar:
            stored, name = tar.extractfile(member), Path(member.name).name
            if stored and name in wanted:
                found[name] = hashlib.file_digest(stored, "sha256").hexdigest()  # type: ignore[arg-type]
    return found == wanted, sum(path.stat().st_size for path in originals)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
