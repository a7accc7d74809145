"""Reading complete subtrees from the rows of the log, however many are needed, in one statement."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, literal, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from crypto import merkle
from crypto.errors import LedgerBroken
from crypto.ledger.log_tables import Leaf, TreeNode
from crypto.merkle import Frontier, Node, Span


async def read(session: AsyncSession, wanted: Collection[Node]) -> Mapping[Node, bytes]:
    """The hashes of these nodes; LedgerBroken where a row is missing."""
    found: dict[Node, bytes] = {}
    if wanted:
        rows = await session.execute(union_all(_leaves(wanted), _above(wanted)))
        found = {Node(row[0], row[1]): row[2] for row in rows}
    if missing := set(wanted) - set(found):
        raise LedgerBroken(f"the log has lost node {min(missing)}")
    return found


async def path(session: AsyncSession, spans: Sequence[Span]) -> list[bytes]:
    """The proof that these spans make (see crypto.merkle), read in one statement."""
    return merkle.assemble(spans, await read(session, merkle.needed(spans)))


async def frontier(session: AsyncSession, size: int) -> Frontier:
    """The edge of the tree of *size* leaves: at most 63 rows, however large the log."""
    edge = merkle.edge_of(size)
    found = await read(session, edge)
    return Frontier(size, [found[node] for node in edge])


def _leaves(wanted: Collection[Node]) -> Select[int, int, bytes]:
    offsets = [node.offset for node in wanted if node.level == 0]
    return select(literal(0), Leaf.index, Leaf.leaf_hash).where(Leaf.index.in_(offsets))


def _above(wanted: Collection[Node]) -> Select[int, int, bytes]:
    places = [tuple(node) for node in wanted if node.level > 0]
    key = tuple_(TreeNode.level, TreeNode.index)
    return select(TreeNode.level, TreeNode.index, TreeNode.hash).where(key.in_(places))
