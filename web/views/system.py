"""The system's own answers."""

from datetime import datetime

from web.views import View


class Health(View):
    """`ok`, or there is no answer at all."""

    status: str


class ServerTime(View):
    """The database's clock, which decides about every deadline."""

    now: datetime
