"""Where a sentence breaks off inside a text and another one begins: `because the Most people agree`. English only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .words import Text, words_of

_OWNERS = words_of("the a an your our their my its")
"""After one of these a noun must come."""
_BREAK = re.compile(
    r" +(?:This|That|These|Those|There|They|We|He|She|How|What|Why|When|Where|Because|According|Everyone|Everybody"
    r"|Anyone|Anybody|Nobody|Nothing|Needless|However|Therefore|Please|Thanks?)(?=[ ,]+[a-z])"
    r"| +(?:One|You|It|Most|Some|Many) (?=(?:[a-z]+ )?(?:is|are|was|were|has|have|can|could|may|might|will|would|should"
    r"|do|does|agree|say|think|like|love|prefer|know)\b)"
    r"| ?\((?=[A-Z])[^()\n]{3,120}\)\s*$"
    r"|[ \t]*\n(?:[ \t]*\n|[ \t]*[-*#•] )"
)
"""Behind an owner: what opens a sentence and is no noun; a bracket in capitals, and the end; a paragraph, a bullet."""
_STOPPED = re.compile(r" ?[.!?](?=\s+[A-Z]|\s*$)")
_STOPS = words_of("the your our their my")
"""`a.` and `its.` may end a sentence."""
_JOINS = words_of("because although whereas if while")
_NAME = re.compile(r" ([A-Z][a-z]*+)(?!-| [A-Z])")
_ALONE = re.compile(r"(?:Moon|Sun|Earth|Internet|Web|Bible|Alps|[A-Z][a-z]+day|Christmas|Easter)\Z")
_TOLD = ("item", "source", "history")


def breaks_inside(text: Text, context: Mapping[str, Any]) -> str:
    """The words where it breaks off, with what follows; empty where it does not.

    A capital letter behind `because the` begins a name, or a sentence of its own: the latter where the context tells
    of an item, a history or a source, and has no such name.
    """
    if text.language != "en" or _OWNERS.isdisjoint(text.texts):
        return ""
    plain, spans = text.plain, text.spans
    for at in [at for at, word in enumerate(text.texts) if word in _OWNERS]:
        word, (start, end) = text.texts[at], spans[at]
        before = plain[slice(*spans[at - 1])] if at else ""
        if not (plain[end : end + 1] == " " and plain[end + 1 : end + 2].islower()):
            found = _BREAK.match(plain, end) or (word in _STOPS and _STOPPED.match(plain, end))
            found = found or (before in _JOINS and _stranger(plain, end, context))
            if found and plain[start:end].islower():
                return " ".join(plain[max(0, start - 12) : found.end() + 12].split())
    return ""


def _stranger(plain: str, end: int, context: Mapping[str, Any]) -> re.Match[str] | None:
    """A capitalised word that is no name of the context's, of this text's, or of the one thing of its kind."""
    found = _NAME.match(plain, end)
    if not found or _ALONE.match(found[1]) or plain.count(found[1]) > 1 or not any(map(context.get, _TOLD)):
        return None
    return None if found[1] in _said(context) else found


def _said(value: Any) -> str:
    """All of the context's texts, as they are written."""
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return "\n".join(map(_said, parts))
