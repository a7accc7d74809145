"""What comes in: JSON bodies and query strings as strict models, which are also the API description."""

from pydantic import BaseModel, ConfigDict


class Form(BaseModel):
    """A JSON body. Nothing is guessed: "1" is not 1, and an unknown field is a defect."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Query(BaseModel):
    """A query string: every value arrives as text and is read as its field's type."""

    model_config = ConfigDict(extra="forbid", frozen=True)
