"""What cannot hit: the checks of whose signs a text has none, told once a text, so that most are not run at all.

It changes no finding: of each check named here it says only that, with its default parameters, it would find nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from ..records import Sample
from . import form, privacy, scripts, seasons, wording
from .addressed import may_speak_to_judge, without_address
from .gates import Gates
from .lexicon import lists_of
from .words import read

ANY = frozenset(["hidden"])
"""Sieved whatever its parameters."""
SIEVED = ANY | frozenset(
    """
    absolute echo exaggeration generic gibberish hard_sell instructs_judge mixed_scripts personal_data placeholder
    repellent season sensitive slogan
    """.split()  # noqa: SIM905 (read as words)
)
"""Sieved with default parameters alone."""
_NONE: frozenset[str] = frozenset()
_GATES = Gates({**wording.MAY_TURN, "slot": form.MAY_SLOT, "messenger": privacy.MAY_MESSENGER})


def sieved(check: str, given: Mapping[str, Any]) -> str:
    """The name under which `idle_checks` may name a step's check; empty where it never does."""
    if check == "banned" and not given.get("words"):
        return check
    return check if check in ANY or (check in SIEVED and not given) else ""


def idle_checks(sample: Sample) -> frozenset[str]:
    """The names of checks that cannot hit this sample; none for an artefact of several fields."""
    if not isinstance(sample.output, str):
        return _NONE
    idle, context = _idle(sample.output), sample.context
    if context.get("prompt") or context.get("profile"):
        return idle - {"echo", "personal_data"}
    return idle


@lru_cache(maxsize=1_024)
def _idle(text: str) -> frozenset[str]:
    own, listed = read(text), lists_of(text)
    low = own.lower
    open_ = _GATES.open(low)
    found = {"banned", "echo"} | {name for name in wording.MAY_TURN if name not in listed and name not in open_}
    if "slogan" not in listed:
        found.add("slogan")
    if lists_of(without_address(text)).isdisjoint(("generic", "slogan")):
        found.add("generic")
    if "placeholder" not in listed and not form.may_be_placeholder(own, slot="slot" in open_):
        found.add("placeholder")
    if "instruction" not in listed and not may_speak_to_judge(low):
        found.add("instructs_judge")
    if not seasons.named(text):
        found.add("season")
    if not privacy.may_show_any(own.plain, messenger="messenger" in open_):
        found.add("personal_data")
    if text.isascii():
        found |= {"hidden", "mixed_scripts"}
        if "sensitive" not in listed:
            found.add("sensitive")
        if not scripts.odd_words(own):
            found.add("gibberish")
    return frozenset(found)
