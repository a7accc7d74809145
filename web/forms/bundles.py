"""What is asked of the archive of an opening."""

from typing import Literal

from web.forms import Query


class BundleAsk(Query):
    """Which edition: for everyone, or whole for supervision."""

    edition: Literal["public", "supervision"] = "public"
