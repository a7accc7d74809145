"""The commands there are, in the order in which a tender needs them, and the page that lists them."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from web.cli.words import t

TABLE: dict[str, tuple[str, str]] = {
    "serve": ("启动平台", "run the platform"),
    "migrate": ("升级数据库结构", "bring the database to the newest schema"),
    "keygen": (
        "生成平台、密钥层、委员、见证方的密钥",
        "make keys: platform, layer holder, committee, witness",
    ),
    "cert": ("证书：建立 CA、签发、吊销、查看", "certificates: found a CA, issue, revoke, show"),
    "seal": ("在本机密封投标文件", "seal a bid on this machine"),
    "submit": ("上传并提交已密封的投标文件", "upload and submit a sealed bid"),
    "withdraw": ("截止前撤回投标文件", "withdraw a bid before the deadline"),
    "release": ("开标时释放密钥或份额", "release a key or shares at the opening"),
    "receipt": ("取回、查看、离线验证回执", "fetch, show or verify a receipt"),
    "export": ("下载一次开标的完整档案", "download the archive of an opening"),
    "verify": ("离线验证档案", "verify an archive offline"),
    "witness": ("见证日志只增不改", "witness that the log only ever grows"),
    "watch": ("在终端观看开标大厅", "watch an opening hall live"),
}

EXITS = (
    (0, "成功", "all is well"),
    (1, "程序缺陷", "a fault of this program"),
    (2, "命令写法有误", "the command line is wrong"),
    (3, "平台依法拒绝", "the platform said no, with its reason"),
    (4, "无法连接平台", "the platform cannot be reached"),
    (5, "验证未通过", "something does not verify"),
    (6, "本地文件或输入有误", "a file or an input on this machine is wrong"),
    (130, "被用户中断", "interrupted"),
)


def command(name: str) -> Callable[..., Any]:
    """The command *name*, ready to be called with its words."""
    from typer.main import get_command

    made: Callable[..., Any] = get_command(import_module(f"web.cli.{name}").app)
    return made


def overview() -> str:
    """What `qifeng --help` prints."""
    lines = [t("启封 Qifeng", "启封 Qifeng") + "\n", t("用法", "Usage") + ": qifeng COMMAND --help\n"]
    lines += [f"  {name:<10}{t(*words)}" for name, words in TABLE.items()]
    lines += ["", "  --lang zh|en   " + t("提示语言（QIFENG_LANG）", "language of messages (QIFENG_LANG)")]
    lines += ["  --json         " + t("向标准输出写一个 JSON 值", "write one JSON value to standard output")]
    lines += ["", t("退出码", "Exit codes") + ":"]
    lines += [f"  {code:<5}{t(zh, en)}" for code, zh, en in EXITS]
    return "\n".join(lines) + "\n"
