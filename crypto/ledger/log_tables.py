"""The rows of the log: leaves, the complete subtrees above them, checkpoints and who cosigned them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from crypto.ledger.tables import Base


class Leaf(Base):
    """One leaf: an entry's commitment, or a cover (then `entry_id` is empty and stays secret)."""

    __tablename__ = "log_leaf"
    __table_args__ = (CheckConstraint('"index" >= 0', "index_counts_from_zero"),)

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entry.id"), unique=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))


class TreeNode(Base):
    """The hash of one complete subtree, leaves included.

    `place` is `crypto.merkle.Node.place`: one number for level and offset, because a list of single
    numbers is found by index on every database and a list of pairs is not.
    """

    __tablename__ = "log_node"

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class Head(Base):
    """A signed checkpoint: `note` is its text with the log's signature, `root` 32 bytes.

    `forced` tells one that was asked for at an instant of law, such as a deadline.
    """

    __tablename__ = "log_checkpoint"

    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    forced: Mapped[bool] = mapped_column(default=False)


class Cosignature(Base):
    """One witness's signature line under a checkpoint, kept as it came and verified before it was kept."""

    __tablename__ = "log_cosignature"

    checkpoint_size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    line: Mapped[str] = mapped_column(Text)
