"""The HTTP rooms: each module holds the endpoints of one noun; together they are the table."""

import importlib
import pkgutil
from functools import cache

from web.endpoint import Endpoint, gather


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every row of every module here, module by module in alphabetical order."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__))
    return tuple(gather(importlib.import_module(f"{__name__}.{name}") for name in names))
