"""what was found in opened files."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opening_inspection",
        sa.Column("tender_id", sa.String(length=36), nullable=False),
        sa.Column("bidder_id", sa.String(length=36), nullable=False),
        sa.Column("files", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bytes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("files >= 0 AND bytes >= 0", name=op.f("ck_opening_inspection_counted")),
        sa.ForeignKeyConstraint(
            ["tender_id", "bidder_id"],
            ["opening_bid.tender_id", "opening_bid.bidder_id"],
            name=op.f("fk_opening_inspection_tender_id_bidder_id"),
        ),
        sa.PrimaryKeyConstraint("tender_id", "bidder_id", name=op.f("pk_opening_inspection")),
    )
    op.create_table(
        "file_finding",
        sa.Column("tender_id", sa.String(length=36), nullable=False),
        sa.Column("bidder_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tender_id", "bidder_id"],
            ["opening_inspection.tender_id", "opening_inspection.bidder_id"],
            name=op.f("fk_file_finding_tender_id_bidder_id"),
        ),
        sa.PrimaryKeyConstraint("tender_id", "bidder_id", "number", name=op.f("pk_file_finding")),
    )


def downgrade() -> None:
    op.drop_table("file_finding")
    op.drop_table("opening_inspection")
