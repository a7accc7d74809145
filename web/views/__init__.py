"""What goes out: rows as response models. Money is whole fen, instants are RFC 3339 in UTC."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """A JSON answer; what is not a field cannot leak."""

    model_config = ConfigDict(extra="forbid", frozen=True)
