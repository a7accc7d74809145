import pytest

from crypto.errors import NoteInvalid
from crypto.vkeys import SMALL_ORDER_Y, Kind, VerifierKey, refuse_weak
from tests.crypto.log.makers import cosigner, log_signer

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
SPEC = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def doubled(point):
    """Twice a point of the twisted Edwards curve -x² + y² = 1 + d·x²·y²."""
    (x, y), dxy = point, D * point[0] * point[0] * point[1] * point[1]
    return 2 * x * y * pow(1 + dxy, -1, P) % P, (y * y + x * x) * pow(1 - dxy, -1, P) % P


def x_of(y):
    squared = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    root = pow(squared, (P + 3) // 8, P)
    return root if root * root % P == squared else root * pow(2, (P - 1) // 4, P) % P


def test_the_refused_keys_are_exactly_the_points_whose_eightfold_is_nothing():
    for y in SMALL_ORDER_Y:
        x = x_of(y)
        assert (x * x - (y * y - 1) * pow(D * y * y + 1, -1, P)) % P == 0
        assert doubled(doubled(doubled((x, y)))) == (0, 1)
    # Eight points: (0,1), (0,-1) and a pair of x for each of the other three y.
    assert len(SMALL_ORDER_Y) == 5


@pytest.mark.parametrize("sign", [0, 1 << 255])
@pytest.mark.parametrize("y", sorted(SMALL_ORDER_Y))
def test_a_key_of_small_order_is_refused(y, sign):
    with pytest.raises(NoteInvalid, match="small order"):
        refuse_weak((y | sign).to_bytes(32, "little"))


@pytest.mark.parametrize("y", [P, P + 1, 2**255 - 1])
def test_a_second_spelling_of_a_key_is_refused(y):
    with pytest.raises(NoteInvalid, match="canonical"):
        refuse_weak(y.to_bytes(32, "little"))


def test_bytes_that_are_no_point_are_refused():
    with pytest.raises(NoteInvalid, match="not a point"):
        refuse_weak((2).to_bytes(32, "little"))
    with pytest.raises(NoteInvalid, match="32 bytes"):
        refuse_weak(bytes(31))


@pytest.mark.parametrize("text", [SPEC, SUMDB, str(log_signer().vkey), str(cosigner().vkey)])
def test_a_key_is_spelled_as_it_was_read(text):
    assert str(VerifierKey.parse(text)) == text


def test_kinds_of_one_key_have_different_ids():
    plain = log_signer().vkey
    assert plain.key_id != VerifierKey.of(plain.name, plain.public, Kind.COSIGNATURE).key_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        SPEC.replace("530d903a", "530d903b"),
        SPEC.replace("530d903a", "530D903A"),
        SPEC.replace("example", "exampel"),
        SPEC.replace("+Ae", "+Be"),
        SPEC.replace("+Ae", "+BO"),
        SPEC[:-1],
        SPEC + "=",
        "two words" + SPEC[15:],
    ],
)
def test_a_damaged_key_line_is_refused(text):
    with pytest.raises(NoteInvalid):
        VerifierKey.parse(text)
