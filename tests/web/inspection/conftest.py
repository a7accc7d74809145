"""A file of these bytes under this name, judged in a child within small limits."""

import pytest

from tests.web.inspection.bombs import MIB
from web.inspection.inspector import inspect
from web.inspection.limits import Limits

SMALL = Limits(
    memory=512 * MIB, cpu=10, wall=15.0, unpacked=100 * MIB, stream=60 * MIB, held=MIB, pages=1000,
    objects=5000, entries=1000, pixels=100_000_000,
)  # fmt: skip


@pytest.fixture
def judged(tmp_path):
    async def judge(name, content, limits=SMALL):
        path = tmp_path / name
        path.write_bytes(content)
        return await inspect(path, limits)

    return judge
