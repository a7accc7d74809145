"""`qifeng verify`: an archive, verified offline, step by step."""

from pathlib import Path
from typing import Annotated

import typer

from web.cli.errors import guarded
from web.cli.options import Trust
from web.cli.verdict import tell
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Bundle = Annotated[
    Path, typer.Argument(metavar="BUNDLE", help=t("档案（文件夹或 .zip）", "the archive, folder or .zip"))
]
KnownBad = Annotated[
    bool,
    typer.Option(
        "--known-bad",
        help=t("对档案副本逐一造假，看验证器在哪一步识破",
               "spoil copies of it in every known way; each must be found out"),
    ),
]  # fmt: skip


@app.command(help=t("离线验证一次开标的档案。", "Verify the archive of an opening offline."))
@guarded
def verify(bundle: Bundle, *, trust: Trust = None, known_bad: KnownBad = False) -> None:
    from crypto.trust import Trust as Known
    from crypto.verify import verify_bundle

    known = Known.load(trust) if trust else None
    if known_bad:
        from web.cli.lies import try_lies

        try_lies(bundle, known)
    else:
        tell(verify_bundle(bundle, known))
