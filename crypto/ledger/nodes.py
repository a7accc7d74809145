"""Reading complete subtrees from the rows of the log, however many are needed, in one statement."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto import merkle
from crypto.errors import LedgerBroken
from crypto.ledger.log_tables import TreeNode
from crypto.merkle import Frontier, Node, Span


async def read(session: AsyncSession, wanted: Collection[Node]) -> Mapping[Node, bytes]:
    """The hashes of these nodes; LedgerBroken where a row is missing."""
    found: dict[int, bytes] = {}
    if wanted:
        places = [node.place for node in wanted]
        asked = select(TreeNode.place, TreeNode.hash).where(TreeNode.place.in_(places))
        found = {row[0]: row[1] for row in await session.execute(asked)}
    if missing := [node for node in wanted if node.place not in found]:
        raise LedgerBroken(f"the log has lost node {min(missing)}")
    return {node: found[node.place] for node in wanted}


async def path(session: AsyncSession, spans: Sequence[Span]) -> list[bytes]:
    """The proof that these spans make (see crypto.merkle), read in one statement."""
    return merkle.assemble(spans, await read(session, merkle.needed(spans)))


async def frontier(session: AsyncSession, size: int) -> Frontier:
    """The edge of the tree of *size* leaves: at most 63 rows, however large the log."""
    edge = merkle.edge_of(size)
    found = await read(session, edge)
    return Frontier(size, [found[node] for node in edge])
