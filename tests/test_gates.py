"""A gate lets every text through that its pattern matches: it saves time and changes no result."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from recjudge.judge.checks import addressed, form, privacy, quantities, wording
from recjudge.judge.checks.gates import Gate, Gates, digits_in, needing
from recjudge.judge.checks.words import read


def _may_spell(low: str) -> bool:
    return bool(quantities._SPELLED_BEGINS.search(low))


PATTERNS: list[tuple[str, re.Pattern[str], Gate]] = [
    ("forged", addressed._FORGED, addressed._MAY_ADDRESS),
    ("urged", addressed._URGED, addressed._MAY_ADDRESS),
    ("opener", addressed._OPENER, addressed._MAY_OPEN),
    ("slot", form._SLOT, form.MAY_SLOT),
    ("spelled", quantities._SPELLED, _may_spell),
    ("messenger", privacy._PATTERNS["a messenger account"], privacy.MAY_MESSENGER),
    *((name, pattern, wording.MAY_TURN[name]) for name, pattern in wording._PATTERNS.items()),
]
DIGITS = st.sampled_from([*sorted(privacy._LEAST_DIGITS), "a phone number"])


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
    low = text.lower if gate in (addressed._MAY_OPEN, form.MAY_SLOT, _may_spell) else text.plain.lower()
    assert gate(low) or not (pattern.search(text.plain) or pattern.search(text.lower))


@settings(max_examples=150, deadline=None)
@given(kind=DIGITS, data=st.data())
def test_no_number_of_a_person_has_fewer_digits_than_its_gate_asks(kind: str, data: st.DataObject) -> None:
    branch = data.draw(st.sampled_from(_branches(privacy._PATTERNS[kind])))
    found = privacy._PATTERNS[kind].search(data.draw(st.from_regex(branch)))
    assume(found)
    assert privacy._may_show(kind, found[0], digits_in(found[0]))


def test_a_gate_keeps_out_what_has_none_of_its_pieces() -> None:
    gate = needing("judge", run=5)
    assert [gate(text) for text in ("a tea", "dear judge", "a kettle", "ıgnore")] == [False, True, True, True]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_gates_at_once_are_those_that_open_one_by_one(data: st.DataObject) -> None:
    gates = wording.MAY_TURN | {"slot": form.MAY_SLOT, "address": addressed._MAY_ADDRESS}
    pieces = [piece for gate in gates.values() for piece in gate._wanted]
    parts = data.draw(st.lists(st.sampled_from(pieces) | st.text(max_size=30), max_size=4))
    low = data.draw(st.sampled_from(["", " ", "\n"])).join(parts).lower()
    assert Gates(gates).open(low) == [name for name, gate in gates.items() if gate(low)]
