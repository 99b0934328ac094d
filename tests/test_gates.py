"""A gate lets every text through that its pattern matches: it saves time and changes no result."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from recjudge.judge.checks import addressed, form, privacy, quantities, wording
from recjudge.judge.checks.gates import Gate, digits_in, needing
from recjudge.judge.checks.words import read


def _may_spell(low: str) -> bool:
    return bool(quantities._SPELLED_BEGINS.search(low))


PATTERNS: list[tuple[str, re.Pattern[str], Gate]] = [
    ("forged", addressed._FORGED, addressed._MAY_ADDRESS),
    ("urged", addressed._URGED, addressed._MAY_ADDRESS),
    ("opener", addressed._OPENER, addressed._MAY_OPEN),
    ("slot", form._SLOT, form._MAY_SLOT),
    ("spelled", quantities._SPELLED, _may_spell),
    ("messenger", privacy._PATTERNS["a messenger account"], privacy._MAY_MESSENGER),
    *((name, pattern, wording._MAY_TURN[name]) for name, pattern in wording._PATTERNS.items()),
]
DIGITS = st.sampled_from(sorted(privacy._LEAST_DIGITS))


def _branches(pattern: re.Pattern[str]) -> list[str]:
    """The alternatives at the top of a pattern: each is drawn from, not the likeliest alone."""
    found, depth, start, at, text = [], 0, 0, 0, pattern.pattern
    in_class = False
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif in_class:
            in_class = text[at] != "]"
        elif text[at] == "[":
            in_class = True
        elif text[at] in "()":
            depth += 1 if text[at] == "(" else -1
        elif text[at] == "|" and not depth:
            found.append(text[start:at])
            start = at + 1
        at += 1
    return [*found, text[start:]]


@pytest.mark.parametrize(("pattern", "gate"), [row[1:] for row in PATTERNS], ids=[row[0] for row in PATTERNS])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_a_pattern_matches_passes_its_gate(data: st.DataObject, pattern: re.Pattern[str], gate: Gate) -> None:
    branch = re.compile(data.draw(st.sampled_from(_branches(pattern))), pattern.flags)
    text = read("so " + data.draw(st.from_regex(branch)) + " it is")
    low = text.lower if gate in (addressed._MAY_OPEN, form._MAY_SLOT, _may_spell) else text.plain.lower()
    assert gate(low) or not (pattern.search(text.plain) or pattern.search(text.lower))


@settings(max_examples=150, deadline=None)
@given(kind=DIGITS, data=st.data())
def test_no_number_of_a_person_has_fewer_digits_than_its_gate_asks(kind: str, data: st.DataObject) -> None:
    branch = data.draw(st.sampled_from(_branches(privacy._PATTERNS[kind])))
    found = privacy._PATTERNS[kind].search(data.draw(st.from_regex(branch)))
    assume(found)
    assert digits_in(found[0]) >= privacy._LEAST_DIGITS[kind]


def test_a_gate_keeps_out_what_has_none_of_its_pieces() -> None:
    gate = needing("judge", run=5)
    assert [gate(text) for text in ("a tea", "dear judge", "a kettle", "ıgnore")] == [False, True, True, True]
