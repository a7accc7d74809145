"""Every way to fail, with its exit code and its words."""

import functools
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Any, ParamSpec, TypeVar

import typer

from crypto.errors import CryptoError, KeyFileBroken, KeyMalformed, SourceUnsealable
from web.cli.output import note, show
from web.cli.words import MODE, t

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Code(IntEnum):
    """What the process leaves with; `table.EXITS` says it in words."""

    OK = 0
    FAULT = 1
    USAGE = 2
    REFUSED = 3
    UNREACHABLE = 4
    NOT_VERIFIED = 5
    INPUT = 6
    INTERRUPTED = 130


class Stop(Exception):
    """The command cannot go on; the texts tell cause and remedy."""

    def __init__(self, code: Code, zh: str, en: str, *, remedy_zh: str = "", remedy_en: str = "") -> None:
        super().__init__(en)
        self.code, self.name = code, code.name.lower().replace("_", "-")
        self.cause, self.remedy = t(zh, en), t(remedy_zh, remedy_en)


def guarded(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """*command*, whose failures are told in words and become exit codes; a bug keeps its traceback."""

    @functools.wraps(command)
    def run(*words: _P.args, **named: _P.kwargs) -> _R:
        try:
            return command(*words, **named)
        except KeyboardInterrupt:
            raise typer.Exit(Code.INTERRUPTED) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(Code.OK) from None
        except Exception as error:
            told = _told(error)
            if told is None:
                raise
            raise typer.Exit(told) from None

    return run


def _told(error: Exception) -> Code | None:
    from web.client import ClientError, Refused, SheetDefective, Unreachable
    from web.client.submission import FolderUnsealed

    if isinstance(error, Stop):
        return _say(error.code, error.name, error.cause, error.remedy)
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Unreachable):
        return _say(
            Code.UNREACHABLE, "unreachable",
            t("无法连接平台", "The platform cannot be reached") + f": {error}",
            t("请检查网络与 --url,然后重新执行同一命令。", "Check the network and --url, then run it again."),
        )  # fmt: skip
    if isinstance(error, SheetDefective):
        return _sheet(error)
    if isinstance(error, ClientError):
        code = Code.INPUT if isinstance(error, FolderUnsealed) else Code.REFUSED
        return _say(code, type(error).__name__, str(error), "")
    return _local(error)


def _local(error: Exception) -> Code | None:
    if isinstance(error, FileExistsError):
        return _say(
            Code.INPUT, "file-exists", t("文件已存在", "It exists already") + f": {_name(error)}",
            t("请改用其他名称，或先移走它；不会覆盖任何文件。",
              "Choose another name; nothing is overwritten."),
        )  # fmt: skip
    if isinstance(error, OSError):
        return _say(Code.INPUT, "file", f"{error.strerror or error}: {_name(error)}", "")
    for kinds, code in _KINDS:
        if isinstance(error, kinds):
            return _say(code, type(error).__name__, str(error), "")
    is_settings = type(error).__name__ == "ValidationError"  # pydantic's, which need not be imported for it
    return _say(Code.INPUT, "settings", _defects_of(error), "") if is_settings else None


def _defects_of(error: Any) -> str:
    """Place and reason of each, never what was given: a mistyped name may hold a secret."""
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)


_KINDS: tuple[tuple[tuple[type[Exception], ...], Code], ...] = (
    ((KeyFileBroken, KeyMalformed, SourceUnsealable, UnicodeDecodeError), Code.INPUT),
    ((CryptoError,), Code.NOT_VERIFIED),
)


def _refused(error: Any) -> Code:
    if MODE.json:
        show({"error": {**error.problem, "exit": int(Code.REFUSED)}})
        return Code.REFUSED
    note(f"{t('平台拒绝', 'Refused')} [{error.status} {error.code}]  {error.cause(MODE.lang)}")
    ground = [str(error.problem.get(name, "")) for name in ("rule", "article")]
    _lines(
        {
            t("处理办法", "Remedy"): error.remedy(MODE.lang),
            t("依据", "Ground"): " ".join(filter(None, ground)),
        }
    )
    for one in _defects(error.facts):
        note(f"  - {one}")
    return Code.REFUSED


def _defects(facts: Mapping[str, Any]) -> Iterable[str]:
    found = facts.get("defects", [])
    for one in found if isinstance(found, list) else []:
        yield f"{one.get('field', '')}: {one.get('why', '')}" if isinstance(one, Mapping) else str(one)


def _sheet(error: Any) -> Code:
    rows = [{"field": name, "zh": zh, "en": en} for name, zh, en in error.defects]
    if MODE.json:
        show({"error": {"code": "sheet", "exit": int(Code.INPUT), "defects": rows}})
        return Code.INPUT
    note(t("开标一览表有误：", "The opening sheet is defective:"))
    for row in rows:
        note(f"  - {row['field']}: {row[MODE.lang]}")
    return Code.INPUT


def _say(code: Code, name: str, cause: str, remedy: str) -> Code:
    if MODE.json:
        told = {"code": name, "exit": int(code), "cause": cause, "remedy": remedy}
        sys.stdout.write(json.dumps({"error": told}, ensure_ascii=False) + "\n")
        return code
    note(f"{t('错误', 'Error')} [{name}]  {cause}")
    _lines({t("处理办法", "Remedy"): remedy})
    return code


def _lines(pairs: Mapping[str, str]) -> None:
    for name, text in pairs.items():
        if text:
            note(f"{name}: {text}")


def _name(error: OSError) -> str:
    return str(error.filename or (error.args[0] if error.args else ""))
