import pytest

from crypto.checkpoints import Checkpoint, parse_checkpoint
from crypto.errors import NoteInvalid

# c2sp.org/tlog-checkpoint, the example
SPEC = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_example_of_the_specification_is_read_and_spelled_the_same():
    head = parse_checkpoint(SPEC)
    assert (head.origin, head.size, head.root.hex()[:8]) == (
        "example.com/behind-the-sofa",
        20852163,
        "0ac5186a",
    )
    assert head.text == SPEC


@pytest.mark.parametrize("size", [0, 1, 2**63 - 1])
def test_every_size_of_a_log_is_read(size):
    assert parse_checkpoint(Checkpoint("o", size, bytes(32)).text).size == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"\n1\n{ROOT}\n",
        f"o\n01\n{ROOT}\n",
        f"o\n-1\n{ROOT}\n",
        f"o\n+1\n{ROOT}\n",
        f"o\n１\n{ROOT}\n",
        f"o\n{2**63}\n{ROOT}\n",
        f"o\n1\n{ROOT}",
        f"o\n1\n{ROOT[:-1]}\n",
        "o\n1\nAAAA\n",
        f"o\n1\n{ROOT}\nan extension\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text):
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)
