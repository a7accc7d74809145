"""Reading complete subtrees from the rows of the log, however many are needed, in one statement."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from crypto import merkle
from crypto.errors import LedgerBroken
from crypto.ledger.direct import Direct
from crypto.ledger.log_tables import TreeNode
from crypto.merkle import Frontier, Node, Span


async def read(session: AsyncSession, wanted: Collection[Node]) -> Mapping[Node, bytes]:
    """The hashes of these nodes; LedgerBroken where a row is missing."""
    found: dict[int, bytes] = {}
    if wanted:
        found = {row[0]: row[1] for row in await _rows(session, [node.place for node in wanted])}
    if missing := [node for node in wanted if node.place not in found]:
        raise LedgerBroken(f"the log has lost node {min(missing)}")
    return {node: found[node.place] for node in wanted}


async def _rows(session: AsyncSession, places: list[int]) -> Sequence[Any]:
    if session.get_bind().dialect.name == "sqlite":
        return await _AMONG(session, places=json.dumps(places))
    asked = select(TreeNode.place, TreeNode.hash).where(TreeNode.place.in_(places))
    return (await session.execute(asked)).all()


# One text for any number of places: a list of bound values would be another statement of every length.
_each = func.json_each(bindparam("places", type_=Text)).table_valued("value")
_AMONG = Direct(select(TreeNode.place, TreeNode.hash).where(TreeNode.place.in_(select(_each.c.value))))


async def path(session: AsyncSession, spans: Sequence[Span]) -> list[bytes]:
    """The proof that these spans make (see crypto.merkle), read in one statement."""
    return merkle.assemble(spans, await read(session, merkle.needed(spans)))


async def frontier(session: AsyncSession, size: int) -> Frontier:
    """The edge of the tree of *size* leaves: at most 63 rows, however large the log."""
    edge = merkle.edge_of(size)
    found = await read(session, edge)
    return Frontier(size, [found[node] for node in edge])
