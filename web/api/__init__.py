"""The HTTP rooms: each module holds the endpoints of one noun; together they are the table."""

import importlib
import pkgutil
from functools import cache

from web.endpoint import Endpoint, gather

PAGES = ("web.public.files", "web.public.pages")


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every row of every module here, in alphabetical order, and those of the public pages."""
    names = sorted(f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__))
    return tuple(gather(importlib.import_module(name) for name in (*names, *PAGES)))
