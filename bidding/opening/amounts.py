"""Amounts in capital Chinese numerals (大写金额): written in one way, read in every customary way (§4.7).

Bank rules allow variants (零 may be left out, 整 or 正 may follow), so that amounts in words are always
parsed and compared as numbers, never as text. Money is whole fen.
"""

import re

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = ("", "拾", "佰", "仟")
_UNITS = (("亿", 100_000_000), ("万", 10_000))
_FEN, _JIAO = 100, 10
MAX_FEN = 10**18 - 1  # below ten thousand trillion yuan

_ALIASES = str.maketrans(
    "〇一二三四五六七八九十百千萬億圓圆两貳貮叄陸整",
    "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元元贰贰贰叁陆正",
)
_SHAPE = re.compile(
    r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?(?P<rest>[零壹贰叁肆伍陆柒捌玖角分]*)正?"
)
_REST = re.compile(
    r"零?(?:(?P<jiao>[壹贰叁肆伍陆柒捌玖])角|零角)?零?(?:(?P<fen>[壹贰叁肆伍陆柒捌玖])分|零分)?"
)


def words_of(fen: int) -> str:
    """*fen* in the canonical capital form: 1234567.89 yuan is 壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分.

    Raises ValueError below zero and above `MAX_FEN`.
    """
    if not 0 <= fen <= MAX_FEN:
        raise ValueError("not an amount that can be written")
    yuan, rest = divmod(fen, _FEN)
    jiao, cents = divmod(rest, _JIAO)
    if not fen:
        return "零元整"
    head = f"{_integer(yuan)}元" if yuan else ""
    return head + _tail(jiao, cents, after_yuan=bool(yuan))


def _tail(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整"
    text = f"{_DIGITS[jiao]}角" if jiao else ("零" if after_yuan else "")
    return text + (f"{_DIGITS[fen]}分" if fen else "整")


def _integer(number: int) -> str:
    for unit, worth in _UNITS:
        if number >= worth:
            high, low = divmod(number, worth)
            gap = "零" if 0 < low < worth // _JIAO else ""
            return _integer(high) + unit + gap + (_integer(low) if low else "")
    return _thousands(number)


def _thousands(number: int) -> str:
    text, gap = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _SMALL[place]
        gap = not digit
    return text


def fen_of(words: str) -> int:
    """The amount that *words* spell, in fen; every customary spelling of it is read.

    Raises ValueError for anything that is not an amount in words.
    """
    text = re.sub(r"\s", "", words).removeprefix("人民币").lstrip(":：").translate(_ALIASES)
    shape = _SHAPE.fullmatch(text)
    if not text.strip("正") or shape is None:
        raise ValueError("not an amount in words")
    rest = _REST.fullmatch(shape["rest"])
    if rest is None:
        raise ValueError("not an amount in words")
    yuan = _read(shape["yuan"]) if shape["yuan"] else 0
    return yuan * _FEN + _digit(rest["jiao"]) * _JIAO + _digit(rest["fen"])


def _digit(text: str | None) -> int:
    return _DIGITS.index(text) if text else 0


def _read(text: str) -> int:
    for unit, worth in _UNITS:
        if unit in text:
            high, _, low = text.rpartition(unit)
            return _high(high) * worth + (_low(low, worth) if low else 0)
    return _below_ten_thousand(text)


def _high(text: str) -> int:
    if not text:
        raise ValueError("a unit without a number")
    return _read(text)


def _low(text: str, worth: int) -> int:
    number = _read(text)
    if number >= worth:
        raise ValueError("the units are out of order")
    return number


def _below_ten_thousand(text: str) -> int:
    total, digit, last = 0, 0, 4
    for letter in text.lstrip("零") and text:
        if letter in _DIGITS:
            if digit:
                raise ValueError("two digits side by side")
            digit = _DIGITS.index(letter)
            continue
        place = _SMALL.index(letter)
        if place >= last or not (digit or (place == 1 and not total)):
            raise ValueError("the units are out of order")
        total, digit, last = total + (digit or 1) * 10**place, 0, place
    return total + digit
