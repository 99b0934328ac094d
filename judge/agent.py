"""A sub-evaluator that may look things up first: it searches the user's history and reads an item's fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from ..rubrics import Dimension, Step
from . import prompts
from .case import Case
from .context import events, item_fields
from .findings import Said, labelled
from .records import Finding, Sample
from .replies import look_schema, parse_look

HIDDEN = {"search_history": "history", "read_item": "item"}
"""What a tool shows is left out of the prompt: a long history costs only what is looked up in it."""
MOST_EVENTS = 8


async def look(case: Case, dimension: Dimension, step: Step) -> Finding:
    """Asks turn by turn until the model answers; at the last turn only an answer is allowed."""
    hide = [HIDDEN[tool] for tool in step.tools]
    shared = prompts.context_block(case.sample, case.rubric, hide=hide)
    notes = case.notes.get(dimension.name, ())
    seen: list[str] = []
    keys: list[str] = []
    while True:
        actions = (*step.tools, "answer") if len(seen) < step.turns else ("answer",)
        words = prompts.look_question(case.rubric, dimension, notes, tools=step.tools, turns=step.turns, seen=seen)
        prompt = case.prompt(words, look_schema(dimension, actions), schema_name="look", shared=shared)
        said, _, key = await case.ask(prompt, partial(parse_look, dimension=dimension, actions=actions))
        keys.append(key)
        if said.action == "answer":
            word = Said(said.label, said.code, said.reason, said.evidence)
            return labelled(dimension, word, by=step.name, prompts=tuple(keys))
        seen.append(f"{said.action} {prompts.fenced(said.query)}: {_LOOKUPS[said.action](case.sample, said.query)}")


def search_history(sample: Sample, query: str) -> str:
    """The events that share most words (characters, where words are not spaced) with the query, best first."""
    wanted = _grams(query)
    found = [(len(wanted & _grams(f"{event.text} {event.action}")), event) for event in events(sample)]
    best = sorted((pair for pair in found if pair[0]), key=lambda pair: -pair[0])[:MOST_EVENTS]
    rows = [
        f"{prompts.bare(event.id)} {event.when or ''} {prompts.bare(event.action)} {prompts.fenced(event.text)}"
        for _, event in best
    ]
    return "; ".join(rows) or f"no event of {len(found)} matches"


def read_item(sample: Sample, query: str) -> str:
    """The value of one field, or the names there are."""
    fields = item_fields(sample)
    if query in fields:
        return prompts.fenced(fields[query])
    return f"no such field; there are: {', '.join(map(prompts.fenced, fields)) or 'none'}"


def _grams(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+|[^\W\d_a-z]", text.casefold())
    return {word.removesuffix("s") if len(word) > 3 else word for word in words}


_LOOKUPS: dict[str, Callable[[Sample, str], str]] = {"search_history": search_history, "read_item": read_item}
