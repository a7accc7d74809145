"""What is put on paper for a tender: signed files, named by their hash."""

from dataclasses import dataclass

from bidding.acts import PublicAct


@dataclass(frozen=True, kw_only=True)
class PaperFiled(PublicAct):
    """A document was printed, signed by the platform and filed.

    `paper` is what it is (bidding.paper.Paper), `version` the record's version or 0, `content_sha256`
    the hash of the data that was printed, `file_sha256` and `size` (bytes) those of the signed file.
    """

    kind = "paper.filed"
    paper: str
    version: int
    content_sha256: str
    file_sha256: str
    size: int
