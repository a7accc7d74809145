"""A sealed bid as it comes in: its signed statement, and where the rest was uploaded to."""

from typing import Annotated

from pydantic import Base64Bytes, Field, StringConstraints

from web.forms import Form

ObjectName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}\.age$")]
UploadId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]


class SubmitBid(Form):
    """The statement and its detached CMS signature in base64; `objects` gives each object's upload."""

    statement: Annotated[Base64Bytes, Field(min_length=1, max_length=256 * 1024)]
    signature: Annotated[Base64Bytes, Field(min_length=1, max_length=64 * 1024)]
    objects: Annotated[dict[ObjectName, UploadId], Field(min_length=1, max_length=300)]
