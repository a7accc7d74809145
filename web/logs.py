"""Structured logs: JSON lines with the request's id and the act, and never what is in a bid."""

import logging
import sys
from typing import Any

import structlog

# What must not stand in a line even where someone passed it by mistake.
SECRET = frozenset(
    {
        "identity", "passphrase", "password", "token", "cookie", "authorization", "plaintext", "sheet",
        "price", "items", "body", "share", "id_number", "phone", "bidder_id", "bid_id",
    }
)  # fmt: skip


def configure(level: str = "INFO", form: str = "json") -> None:
    """Send everything, the libraries' lines included, to standard error in one form."""
    shown: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    # Never the pretty traceback: it prints local variables, and those may be what a bid says.
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    last: Any = console if form == "console" else structlog.processors.JSONRenderer(ensure_ascii=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shown,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([] if form == "console" else [structlog.processors.format_exc_info]),
            last,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    structlog.configure(
        processors=[*shown, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.getLogger("aiohttp.access").disabled = True


def hide_secrets(_logger: Any, _name: str, line: dict[str, Any]) -> dict[str, Any]:
    """The line without the values of names that hold secrets."""
    return {name: "…" if name.lower() in SECRET else value for name, value in line.items()}
