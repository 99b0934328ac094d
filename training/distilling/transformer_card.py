"""The card of a transformer Student: what it was trained from, how well it does on what it has not seen, its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from .card import NOT_FOR, cells

if TYPE_CHECKING:
    from ...human_labels import AgreementReport
    from .records import Examples

LIMITS = (
    "Orders what was written for one context; between contexts its scores mean only what the cuts say.",
    "Learned from outputs of these generators: one that is trained on it moves away from them, so ask people anew "
    "before each round.",
    "Where a judge was the teacher, the Student has the judge's errors too.",
    "The figures are of one split; cuts come from the held-out clusters, weights from the others.",
)
HEADER = (
    "target", "n held out", "contexts (of one level)", "pairs", "in order", "less the embedded student",
    "less the judge", "NDCG", "Brier (base)",
)  # fmt: skip


def card_json(
    made: Mapping[str, Any],
    examples: Mapping[str, Examples],
    held: Mapping[str, Sequence[Mapping[str, Any]]],
    skipped: Mapping[str, Mapping[str, str]],
    agreement: AgreementReport | None,
) -> dict[str, Any]:
    """All that the card says, ready for JSON; what is not defined is null."""
    sections = agreement.sections if agreement else ()
    card = {
        "made": made,
        "trained_on": "all clusters but those held out; the figures are of the held-out ones",
        "left_out": next((one.left_out for one in examples.values()), {}),
        "tasks": {
            task: {
                "rubric": examples[task].rubric.id,
                "targets": {one["target"]: one for one in held.get(task, ())},
                "not_learned": dict(why),
                "notes": examples[task].notes,
            }
            for task, why in skipped.items()
        },
        "agreement": agreement
        and {
            "headline": agreement.headline,
            "sections": [
                {"task": one.task, "dimension": one.dimension, "n": one.n, "sentences": one.sentences}
                for one in sections
            ],
        },
        "limits": LIMITS,
        "not_for": NOT_FOR,
    }
    found: dict[str, Any] = orjson.loads(
        orjson.dumps(card, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
    )
    return found


def card_page(card: Mapping[str, Any]) -> tuple[str, str]:
    """As JSON, and as Markdown."""
    return orjson.dumps(card, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n", (
        "\n".join(_lines(card)) + "\n"
    )


def _lines(card: Mapping[str, Any]) -> Iterator[str]:
    made, training = card["made"], card["made"]["training"]
    yield f"# A Student: {', '.join(card['tasks'])}"
    yield ""
    yield (
        f"{made['model']} ({training['weights']:,} weights), trained {made['kind']} by recjudge {made['recjudge']} on "
        f"{training['samples']} samples in {training['contexts']} contexts, seed {made['seed']}; "
        f"{training['held_out_samples']} looked at to stop, {made['held_out']} held out for the figures."
    )
    yield (
        f"{training['steps']} steps, the best after {training['best_step']}; order of the pairs looked at, by epoch: "
        f"{', '.join('–' if one is None else f'{one:.3f}' for one in training['held_out_order']) or 'none'}."
    )
    yield (
        f"Contexts with nothing to order: {training['contexts_with_nothing_to_order']}. Contexts that lost their "
        f"middle: {training['context_cut']} samples. Texts too long to be read, left out: {training['too_long']}."
    )
    if card["left_out"]:
        yield "Left out: " + "; ".join(f"{count} {why}" for why, count in card["left_out"].items()) + "."
    for name, task in card["tasks"].items():
        yield from ("", f"## {name} ({task['rubric']})", "", f"| {' | '.join(HEADER)} |", f"|{'---|' * len(HEADER)}")
        yield from (" | ".join([f"| {one['target']}", *cells(one)]) + " |" for one in task["targets"].values())
        yield from (f"- {target}: {warning}." for target, one in task["targets"].items() for warning in one["warnings"])
        yield from (f"{target} was not learned: {why}." for target, why in task["not_learned"].items())
        yield from (f"Note: {note}." for note in task["notes"])
    if card["agreement"]:
        yield from ("", "## Agreement with people", "", card["agreement"]["headline"])
    yield from ("", "## Limits", "", *(f"- {line}" for line in card["limits"]))
    yield from ("", "Not for:", "", *(f"- {line}" for line in card["not_for"]))
