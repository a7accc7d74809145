"""One platform for all tests of the command line that leave it standing."""

import pytest

from tests.web.cli.platform import platform


@pytest.fixture(scope="package")
def served(tmp_path_factory):
    with platform(tmp_path_factory.mktemp("platform")) as made:
        yield made


@pytest.fixture
def home(tmp_path):
    """Where a bidder works."""
    (tmp_path / "技术标.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    (tmp_path / "sheet.json").write_text('{"bid_price": 123456780, "duration_days": 180, "quality": "合格"}')
    return tmp_path
