"""Bech32 (BIP 173) without its length limit, as age writes keys."""

from collections.abc import Iterable

from crypto.errors import KeyMalformed

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM = 6


def encode(prefix: str, payload: bytes) -> str:
    """*payload* in lower-case Bech32 under the human-readable *prefix*."""
    words = _regroup(payload, 8, 5, pad=True)
    check = _polymod([*_expand(prefix), *words, *[0] * _CHECKSUM]) ^ 1
    words += [(check >> 5 * (_CHECKSUM - 1 - i)) & 31 for i in range(_CHECKSUM)]
    return prefix + "1" + "".join(_ALPHABET[word] for word in words)


def decode(text: str) -> tuple[str, bytes]:
    """The prefix, in lower case, and the payload of *text*. Raises KeyMalformed."""
    if text not in {text.lower(), text.upper()}:
        raise KeyMalformed("the letters are of mixed case")
    prefix, mark, tail = text.lower().rpartition("1")
    if not mark or not prefix or len(tail) < _CHECKSUM or not set(tail) <= set(_ALPHABET):
        raise KeyMalformed("not Bech32")
    words = [_ALPHABET.index(letter) for letter in tail]
    if _polymod([*_expand(prefix), *words]) != 1:
        raise KeyMalformed("the checksum is wrong: a letter was mistyped")
    return prefix, bytes(_regroup(words[:-_CHECKSUM], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    codes = prefix.encode("ascii", "replace")
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(words: Iterable[int]) -> int:
    check = 1
    for word in words:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ word
        for i, factor in enumerate(_GENERATOR):
            check ^= factor if top >> i & 1 else 0
    return check


def _regroup(words: Iterable[int], size: int, into: int, *, pad: bool) -> list[int]:
    value = bits = 0
    out = []
    for word in words:
        value, bits = value << size | word, bits + size
        while bits >= into:
            bits -= into
            out.append(value >> bits & ((1 << into) - 1))
    rest = value & ((1 << bits) - 1)
    if pad and bits:
        out.append(rest << (into - bits))
    elif not pad and (bits >= size or rest):
        raise KeyMalformed("the padding is not zero")
    return out
