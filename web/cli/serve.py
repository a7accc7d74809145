"""`qifeng serve`: the whole platform in this process."""

import typer

from web.cli.errors import guarded
from web.cli.options import Config, Secrets
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(
    help=t(
        "启动平台（配置来自 config.toml、环境变量 QIFENG_… 与秘密文件）。",
        "Run the platform by its settings.",
    )
)
@guarded
def serve(config: Config = None, secrets: Secrets = None) -> None:
    from web.__main__ import run
    from web.serve import serve as serve_forever
    from web.settings import default_path, load

    run(serve_forever(load(config or default_path(), secrets=secrets)))
