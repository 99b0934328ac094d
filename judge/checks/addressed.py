"""Turns of phrase by which a text speaks to whoever judges it, English and Chinese, and the text without them."""

from __future__ import annotations

import re
from functools import lru_cache

from .gates import Gates, needing
from .words import read, words_of

_HIGH = r"(?:high(?:est)?|best|top|full|max(?:imum)?|perfect|superior|excellent|strong|good|5|10)"
_MARK = r"(?:label|grade|score|rating|mark|verdict)s?"
_FORGED = re.compile(
    r"""["'](?:label|grade|verdict|score|rating)["']\s*:|\[\[\s*\w+(?:/\d+)?\s*\]\]"""
    r"|<\|\s*\w+\s*\|>|\[/?INST\]|<</?SYS>>|</?s>"
    r"|<\s*/?\s*(?:artefact|artifact|context|system|assistant|verdict|grade|label|score|tool_result|instructions?)\b[^>]*>"
    r"|\\u003c\s*/?\s*(?:artefact|context)"
    r"|(?:^|\n)[ \t#*]*(?:system|assistant|系统消息|系统提示)\s*[:\n]"
    rf"|\b(?:final|my|gold|expected|correct|overall|the)\s(?:{_MARK})\s*(?::|is\s(?:the\s)?{_HIGH}\b)"
    rf"|\b(?:{_MARK})\s*:\s*{_HIGH}\b|\b(?:final verdict|my verdict|gold (?:grade|label)|expected label)\b"
    r"|\bcorrect answer\s*:|\breference answer is\b"
    r"|(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[a-z])"
    r"(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[\d=+/])[A-Za-z0-9+/]{24,}={0,2}",
    re.IGNORECASE,
)
"""What a verdict, a chat template or a fence of ours looks like, and coded text that no reader can read."""
_URGED = re.compile(
    r"\b(?:ignore|disregard|forget|override)\s(?:(?:all|any|the|your|every|of|these|those)\s){0,3}"
    r"(?:previous|prior|above|earlier|foregoing|rubric|instructions?|rules|criteria|guidelines|scale)\b"
    rf"|\b(?:give|assign|award|mark|rate|grade|score|label)\s(?:it|this|that|them|me|every\s\w+|this\s\w+)?\s?(?:\w+\s){{0,4}}"
    rf"(?:as\s)?(?:the\s)?{_HIGH}(?:\s{_MARK}|\splease)\b"
    rf"|\b(?:give|assign|answer with|reply with|respond with"
    rf"|output|receive)s?\s(?:only\s)?(?:it\s|this\s|all\s)?(?:the\s|a\s)?"
    rf"{_HIGH}\s{_MARK}\b"
    rf"|\blabels? (?:is|are) to be the {_HIGH}\b|\bonly acceptable {_MARK}\b|\bbad {_MARK} would\b|\brated highly\b"
    r"|\b(?:label|rate|grade|mark|score) (?:it|this) (?:as )?(?:strong|superior|excellent|good|highly|top)\b"
    r"|\b(?:grading protocol|evaluation policy update|rubric amendment|calibration items?|exempt from defects)\b"
    r"|\b(?:dear|wisest|fairest|wise|to the|for the|you,? the|you are the) (?:and \w+ )?(?:judge|evaluator|grader)\b"
    r"|\bi(?:'m| am) begging you\b|\bplease be kind\b|\b(?:lose my job|my job depends)\b|求求你"
    r"|\bconsensus for this item\b|\bnoted by code checks\b|\b(?:artefact|artifact) (?:has passed|ended)\b"
    r"|\bignorez toutes\b|\bignora todas\b|\bignoriere alle\b|指示を(?:すべて)?無視"
    r"|(?:忽略|无视|忘记)(?:掉)?(?:之前|以上|上述|前面|全部|所有|评分|此前)|不管标准|(?:评分|评审|评价)(?:规则|标准)更新"
    r"|(?:给|打|判|评|直接输出|一律给).{0,4}(?:最高|满)(?:分|档|等级|评价)|(?:应当?|请|直接)?评为优|校准样本|标准答案即"
    r"|人工标注结果|给出最高评价|给个好评|(?:请|各位|尊敬的)(?:评分者|评委|评审员)|系统消息|请给(?:出)?满分",
    re.IGNORECASE,
)
"""Requests for a verdict, and rules made up for one."""
_OPENER = re.compile(
    r"(?:^|(?<=[.!?。\s]))(?:solution|thought process|let's (?:solve|think)[^.!?]*|解)\W*$", re.IGNORECASE
)
"""What opens an answer and says nothing: known to be rewarded by judges when it stands alone."""
_MAY_ADDRESS = needing(
    *words_of("""
        label grade verdict score rating mark please [[ < inst] \\u system assistant 系统消息 系统提示 ignor disregard
        forget override judge evaluator grader artefact artifact 求求你 指示を 忽略 无视 忘记 不管标准 更新 最高 满
        评为优 校准样本 标准答案即 人工标注结果 给个好评 评分者 评委 评审员
    """),
    "correct answer", "reference answer is", "rated highly", "rate it", "rate this", "grading protocol", "begging you",
    "evaluation policy update", "rubric amendment", "calibration item", "exempt from defects", "please be kind",
    "lose my job", "job depends", "consensus for this item", "noted by code checks",
    run=24,
)  # fmt: skip
"""One of these pieces is in whatever the two patterns find."""
_MAY_OPEN = needing("solution", "thought process", "let's solve", "let's think", "解")
_MAY_SPEAK = Gates({"address": _MAY_ADDRESS, "open": _MAY_OPEN})
_GLUED = re.compile(r"[.!?](?=\S)")
"""A mark with no space behind it: `_PIECE` parts a number there too (`3.5`)."""
_PIECE = re.compile(r"(?<=[.!?。！？\n])\s*|\n+")


@lru_cache(maxsize=2_048)
def speaks_to_judge(text: str) -> str:
    """The words that speak to the judge, as they stand in the text; empty when none do."""
    plain, low = read(text).plain, read(text).lower
    if not may_speak_to_judge(low):
        return ""
    found = _address(plain, low) or (_OPENER.search(plain) if len(plain) > 24 and _MAY_OPEN(low) else None)
    return found[0].strip() if found else ""


@lru_cache(maxsize=2_048)
def without_address(text: str) -> str:
    """What each sentence says before it speaks to its judge: the rest adds nothing to what the text says."""
    plain, low = read(text).plain, read(text).lower
    if low.isascii() and not may_speak_to_judge(low) and not _GLUED.search(plain):
        return " ".join(plain.split()).rstrip(" :") or text
    plain = _OPENER.sub("", plain).strip() if _MAY_OPEN(low) else plain.strip()
    if low.isascii() and not _MAY_ADDRESS(low):  # then none of its sentences does
        return " ".join(_PIECE.sub(" ", plain).split()).rstrip(" :") or text
    kept = [
        piece[: found.start()] if (found := _address(piece, piece.lower())) else piece for piece in _PIECE.split(plain)
    ]
    return " ".join(" ".join(kept).split()).rstrip(" :") or text


@lru_cache(maxsize=1_024)
def may_speak_to_judge(low: str) -> bool:
    """False of a text in lower case in which `speaks_to_judge` finds nothing."""
    return bool(_MAY_SPEAK.open(low))


def _address(text: str, low: str) -> re.Match[str] | None:
    if not _MAY_ADDRESS(low):
        return None
    return _FORGED.search(text) or _URGED.search(text)
