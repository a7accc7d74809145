"""`qifeng migrate`: the database at the newest schema, or at a named revision."""

from typing import Annotated

import typer

from web.cli.caller import run
from web.cli.errors import guarded
from web.cli.options import Config, Secrets
from web.cli.output import show
from web.cli.words import t

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
To = Annotated[str, typer.Option("--to", help=t("目标版本", "the revision to reach"))]


@app.command(help=t("升级数据库结构。", "Bring the database to the newest schema."))
@guarded
def migrate(config: Config = None, secrets: Secrets = None, to: To = "head") -> None:
    from web.settings import default_path, load

    settings = load(config or default_path(), secrets=secrets)
    run(_migrate(settings.database.url.get_secret_value(), to))
    show({"migrated": to}, t("数据库结构已是最新。", f"The database is at {to}."))


async def _migrate(url: str, to: str) -> None:
    from crypto.ledger.engine import Database
    from web.migrate import migrate as upgrade

    database = Database(url)
    try:
        await upgrade(database, to=to)
    finally:
        await database.dispose()
