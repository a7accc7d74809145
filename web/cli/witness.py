"""`qifeng witness`: watch over a log from outside, and cosign only what continues what was seen."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crypto.errors import NoteInvalid, ProofInvalid
from web.cli.caller import run
from web.cli.errors import Code, Stop, guarded
from web.cli.options import HERE, Ca, KeySecret, Url, key_passphrase
from web.cli.output import note, show
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Key = Annotated[Path, typer.Option("--key", help=t("见证方密钥文件", "the witness's key file"))]
Memory = Annotated[
    Path, typer.Option("--memory", help=t("见过的日志大小，存于此文件", "where it remembers what it saw"))
]
Log = Annotated[
    str, typer.Option("--log", help=t("日志的验证公钥（另行取得）", "the log's verifier key, from elsewhere"))
]
Once = Annotated[bool, typer.Option("--once", help=t("只见证一次", "one round, then leave"))]
Every = Annotated[float, typer.Option("--every", min=0.1, help=t("间隔秒数", "seconds between two rounds"))]


@app.command(
    help=t("见证日志只增不改：取检查点、核对一致性、联署、提交。", "Fetch, prove growth, cosign, hand in.")
)
@guarded
def witness(
    *, key: Key, memory: Memory, log: Log, once: Once = False, every: Every = 5.0, url: Url = HERE,
    key_passphrase_file: KeySecret = None, ca: Ca = None,
) -> None:  # fmt: skip
    run(_witness(url, ca, key, key_passphrase(key_passphrase_file), memory, log, None if once else every))


async def _witness(
    url: str, ca: Path | None, key: Path, secret: str, memory: Path, log: str, every: float | None
) -> None:
    from crypto.vkeys import VerifierKey
    from crypto.witness import FileMemory, Witness
    from web.cli.witness_key import load
    from web.client import Client

    known = VerifierKey.parse(log)
    watching = Witness(load(key, secret), [known], FileMemory(memory))
    async with Client(url, ca=ca) as client:
        while True:
            await _round(client, known, watching, is_last=every is None)
            if every is None:
                return
            await asyncio.sleep(every)


async def _round(client: object, known: object, watching: object, *, is_last: bool) -> None:
    from web.client import ClientError, cosign

    try:
        done = await cosign(client, known, watching, at=datetime.now(UTC))  # type: ignore[arg-type]
    except (ProofInvalid, NoteInvalid) as error:
        raise Stop(
            Code.NOT_VERIFIED, f"日志与所见不符，拒绝联署：{error}",
            f"the log is not what it was; not cosigned: {error}",
            remedy_zh="请保留见证记录并公开此事。", remedy_en="Keep the memory file and make this public.",
        ) from None  # fmt: skip
    except ClientError as error:
        if is_last:
            raise
        note(str(error))
        return
    if done is not None:
        value = {"origin": done.origin, "size": done.size, "root": done.root, "from": done.old}
        show(value, f"{done.origin}  {done.old} -> {done.size}  {done.root}")
    elif is_last:
        show({"origin": None}, t("日志没有增长", "the log has not grown"))
