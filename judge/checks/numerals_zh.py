"""Chinese numerals as numbers: `三百二十`, `1.2万`, `两万五`, `三点五`, `半`. It knows no units."""

from __future__ import annotations

import re
from collections.abc import Mapping

NUMERAL = r"[零〇一二两三四五六七八九十百千万亿半]{1,16}(?:点[零〇一二三四五六七八九]{1,6})?"
"""A pattern's piece that holds every written numeral, and some that are none: `numeral` says which."""
_DIGITS: Mapping[str, int] = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000}
_LARGE: Mapping[str, int] = {"万": 10**4, "亿": 10**8}


def numeral(text: str) -> float | None:
    """The number that a Chinese numeral names; None for what is none (`百千`, `半半`).

    A last digit without its place counts in the next lower one: `两万五` is 25000, `三百二` 320. `一五` and longer
    runs of digits are read one by one: `二〇二六`.
    """
    if text == "半":
        return 0.5
    whole, point, rest = text.partition("点")
    value = _whole(whole)
    if value is None or not point:
        return value
    return value + int("".join(str(_DIGITS[c]) for c in rest)) / 10 ** len(rest) if rest else None


def multiplied(marks: str) -> float:
    """What `万`, `亿`, `千万` behind Arabic digits multiply by; 1 for none."""
    value = 1.0
    for mark in marks:
        value *= _SMALL.get(mark) or _LARGE[mark]
    return value


def _whole(text: str) -> float | None:
    if not text or "半" in text:
        return None
    if not re.search("[十百千万亿]", text):
        return float(int("".join(str(_DIGITS[c]) for c in text)))
    for mark in ("亿", "万"):
        head, found, tail = text.rpartition(mark)
        if found:
            high, low = _whole(head), _low(tail, _LARGE[mark])
            return None if high is None or low is None else high * _LARGE[mark] + low
    return _below_wan(text)


def _low(tail: str, above: int) -> float | None:
    """What follows a mark: one lone digit counts in the place below it."""
    if not tail:
        return 0.0
    if len(tail) == 1 and tail in _DIGITS:
        return float(_DIGITS[tail] * above // 10)
    return _whole(tail.lstrip("零〇") or "零")


def _below_wan(text: str) -> float | None:
    total, digit, last = 0, -1, 10_000
    for place, c in enumerate(text):
        if c in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[c]
            continue
        mark = _SMALL[c]
        if mark >= last or (digit < 0 and not (mark == 10 and place == 0)):
            return None
        total, digit, last = total + (digit if digit >= 0 else 1) * mark, -1, mark
    if digit > 0:
        total += digit * (last // 10 if last > 10 and text[-2] not in "零〇" else 1)
    return float(total)
