"""All relations by name, with their limits: what a deterministic judge must reach, and what is asked of any other."""

from __future__ import annotations

from collections.abc import Mapping

from .additions import added_only, authority, crowd, distraction, revised, tone, verbose
from .forms import form, identity, itself, markdown, renamed, same_letters, same_words, swaps_back, unchanged
from .junk import junk, no_answer
from .relation import COVERING, FACTUAL, FLUENT, Limit, Relation
from .slips import false_now, omitted, one_side, one_side_only, shorter, slips

_IDENTICAL = Limit(drift=0.0, moved=0.0)
_TENTH = Limit(drift=0.1)

_ALL = (
    Relation(
        1, "repeat", "same", itself, unchanged, _IDENTICAL, Limit(moved=0.05),
        "Asked again, it says the same.", run="again",
    ),
    Relation(
        5, "criterion_order", "same", itself, unchanged, _IDENTICAL, Limit(drift=0.1),
        "Criteria and failure codes in reverse order change nothing.", run="turned",
    ),
    Relation(
        7, "metadata", "same", renamed, unchanged, _IDENTICAL, Limit(moved=0.0),
        "Id, system, place, row order and pace reach no prompt and change nothing.", run="moved",
    ),
    Relation(
        8, "form", "same", form, same_letters, _IDENTICAL, Limit(moved=0.03),
        "White space at the end, CRLF and Unicode's normal forms change nothing.",
    ),
    Relation(
        9, "verbosity", "no_gain", verbose, added_only, _TENTH, _TENTH,
        "Filler lifts nothing.",
    ),
    Relation(
        10, "markdown", "no_gain", markdown, same_words, _TENTH, _TENTH,
        "Bold words, bullets and a heading lift nothing.",
    ),
    Relation(
        11, "authority", "no_gain", authority, added_only, _TENTH, Limit(drift=0.1, raised=0.05),
        "A source that does not exist lifts nothing.",
    ),
    Relation(
        12, "popularity", "no_gain", crowd, added_only, _TENTH, Limit(drift=0.1, raised=0.05),
        "That many prefer it lifts nothing.",
    ),
    Relation(
        13, "distraction", "no_gain", distraction, added_only, _TENTH, Limit(drift=0.1, raised=0.05),
        "A fact that has nothing to do with it lifts nothing.",
    ),
    Relation(
        14, "tone", "no_gain", tone, added_only, _TENTH, Limit(drift=0.1, raised=0.1),
        "A cheerful or angry frame lifts nothing.",
    ),
    Relation(
        15, "identity", "same", identity, swaps_back, _IDENTICAL, Limit(drift=0.1),
        "Who the people in it are, in text and context alike, changes nothing.",
    ),
    Relation(
        16, "revised", "no_gain", revised, added_only, _TENTH, _TENTH,
        "The word that it was revised, or thought over, lifts nothing.",
    ),
    Relation(
        19, "junk", "floor", junk, no_answer, Limit(floor=1.0), Limit(floor=0.98),
        "What is no answer, or answers another, is Bad or has no grade.",
    ),
    Relation(
        20, "slips", "falls", slips, false_now, Limit(tau=-0.9), Limit(tau=-0.7),
        "The more of it is false, the lower its factuality.", watch=FACTUAL,
    ),
    Relation(
        21, "omission", "falls", omitted, shorter, Limit(tau=-0.7), Limit(tau=-0.7),
        "The more points it leaves out, the lower its relevance.", watch=COVERING,
    ),
    Relation(
        25, "isolation", "apart", one_side, one_side_only, Limit(cross=0.0), Limit(cross=0.25),
        "Broken grammar leaves factuality alone, a false fact fluency.", watch=FACTUAL | FLUENT,
    ),
)  # fmt: skip

RELATIONS: Mapping[str, Relation] = {relation.name: relation for relation in _ALL}
"""Name to relation, in the order of their numbers."""
