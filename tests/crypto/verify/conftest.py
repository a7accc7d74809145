import pytest

from crypto.verify.writing import PUBLIC, SUPERVISION
from tests.crypto.verify.story import Story
from tests.crypto.verify.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Who takes part, with bids sealed once for all stories."""
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def story(world):
    """An honest tender, told to its end."""
    return Story(world).tell()


@pytest.fixture(scope="session")
def public(story, tmp_path_factory):
    """The public edition of the honest story; tests copy it before they touch it."""
    return story.write(tmp_path_factory.mktemp("public") / "bundle", edition=PUBLIC)


@pytest.fixture(scope="session")
def supervision(story, tmp_path_factory):
    """The supervision edition of the honest story."""
    return story.write(tmp_path_factory.mktemp("supervision") / "bundle", edition=SUPERVISION)
