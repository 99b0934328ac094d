"""What a Chinese text denies and what it affirms, so that `使用预制菜` meets `没有使用预制菜`; words, not meaning."""

from __future__ import annotations

import re
from functools import lru_cache

_CLAUSES = re.compile(r"[,.;!?。、:\n\s()]+|但是?|而且|并且|却")
_NO = re.compile(
    "不再|不含有?|不支持|不带|不可以?|不能够?|不得(?!不)|不允许|不提供|不需要?|不会|禁止|严禁|没有|未能?(?!来|必|免|知)"
    "|无(?!论|线|限|疑|比|数|穷|边|意|论|缝|花|所)"
    "|零添加|0添加|未添加|无添加|并非|非(?!常|凡|遗|洲|得)|免(?!费|不了|疫|得|税)|拒绝|谢绝"
    "|不(?!仅|但|只|光|止|管|论|怕|惧|锈|易|必|用|到|过|同|少|错|断|妨|一|如|知|禁|由|凡|二|负|愧|压|住|了|够)"
)
_FREE = re.compile("^(?:不含|不支持|不带|没有|无|零添加|0添加|未添加|无添加|不提供)")
_HOLDS = "(?:含有?|添加|加入|富含|带有?|支持|具有|拥有|配有?|内置|提供|有|加)"
_SAID = re.compile("[了过着的]")
_LEAST, _LONGEST = 3, 10


@lru_cache(maxsize=1_024)
def polar(low: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The affirmed pieces of a text, and its denials as (negator, what follows it in the clause)."""
    affirmed: list[str] = []
    denied: list[tuple[str, str]] = []
    for clause in _CLAUSES.split(low):
        clause = _SAID.sub("", clause)
        found = _NO.search(clause)
        if found is None:
            affirmed.append(clause)
            continue
        affirmed.append(clause[: found.start()])
        denied.append((found[0], clause[found.end() :][:_LONGEST]))
    return tuple(filter(None, affirmed)), tuple(denied)


def turned_zh(text: str, facts: str) -> tuple[str, str] | None:
    """Words of the text and of the facts of which one denies what the other affirms; None where there are none.

    At least three characters must be the same, or two behind 不含, 无, 没有 on one side and 含, 有, 支持 on the other.
    What either side both affirms and denies is left alone.
    """
    if not _NO.search(text) and not _NO.search(facts):
        return None
    own, known = polar(text), polar(facts)
    for negator, span in known[1]:
        if (same := _affirmed(negator, span, own[0])) and not _shared(same, known[0]) and not _denies(same, own[1]):
            return same, negator + span
    for negator, span in own[1]:
        if (same := _affirmed(negator, span, known[0])) and not _shared(same, own[0]) and not _denies(same, known[1]):
            return negator + span, same
    return None


def _affirmed(negator: str, span: str, pieces: tuple[str, ...]) -> str:
    """The beginning of the denied span that the pieces affirm, the longest; empty where they do not."""
    for size in range(len(span), _LEAST - 1, -1):
        if any(span[:size] in piece for piece in pieces) and not span[:size].isdigit():
            return span[:size]
    if len(span) == 2 and _FREE.match(negator):
        pattern = re.compile(_HOLDS + re.escape(span))
        if any(pattern.search(piece) for piece in pieces):
            return span
    return ""


def _shared(same: str, pieces: tuple[str, ...]) -> bool:
    return any(same in piece for piece in pieces)


def _denies(same: str, denied: tuple[tuple[str, str], ...]) -> bool:
    return any(same in span for _, span in denied)
