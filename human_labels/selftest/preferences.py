"""PandaLM and LLMBar: figures their authors published of pairwise judges, from the recorded labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..consensus import consensus
from ..labelled_sets import LabelledSet, load_set
from .checking import REFERENCE, Reproduced, printed, two, value
from .replies import replies, right_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]

_PANDALM = {
    (0, 1): ".85",
    (0, 2): ".88",
    (1, 2): ".86",
    "tie": "105",
    "1": "422",
    "2": "472",
}
"""Kappa between annotators, and pairs by majority label; the README of the repository."""
_SLIP = "the source turns the winner 2 into 0 and compares it with gold labels 1 and 2"


def pandalm() -> Iterator[Reproduced]:
    """Kappa of each pair of annotators, and how many pairs each majority label has."""
    people = load_set("pandalm").table("preference")
    majority = consensus(people, "majority").values
    for key, text in _PANDALM.items():
        published, half = printed(text)
        if isinstance(key, tuple):
            what = f"kappa of annotators {key[0] + 1} and {key[1] + 1}"
            yield Reproduced("pandalm", what, published, value("kappa", people.columns(key)), half)
        else:
            code = people.scale.code(key) if people.scale else None
            yield Reproduced("pandalm", f"majority label {key}", published, float((majority == code).sum()), 0.0)


def llmbar() -> Iterator[Reproduced]:
    """250 accuracies and positional agreements, and eighteen stored kappas that are wrong, with the right ones."""
    found = load_set("llmbar")
    judges = replies(found, "instruction_following")
    gold, subsets = found.table("instruction_following").values[:, 0], _subsets(found)
    for row in found.reference["published"]:
        judge, subset, what = _parsed(row["what"])
        rows = subsets == subset
        ab, ba = (judges[f"{judge}@{order}"][rows] for order in ("ab", "ba"))
        accuracy = (right_share(gold[rows], ab) + right_share(gold[rows], ba)) / 2
        ours = accuracy if what == "accuracy" else float((ab == ba).mean())
        yield Reproduced("llmbar", f"{judge} {subset} {what} %", row["published"], 100 * ours)
    for row in found.reference["stored_kappa"]:
        rows = subsets == row["subset"]
        yield from _kappas(f"{row['judge']} {row['subset']} kappa", row, gold[rows], judges[row["judge"]][rows])


def _kappas(what: str, row: Mapping[str, Any], gold: Numbers, said: Numbers) -> Iterator[Reproduced]:
    """The stored figure with its slip done again, and the right one beside it."""
    import numpy as np

    # codes are 0 and 1 for the winners 1 and 2
    slipped = value("kappa", two(gold + 1, np.where(said == 0, 1.0, 0.0)))
    yield Reproduced("llmbar", f"{what}, the slip done again", row["stored"], slipped, note=_SLIP)
    right = value("kappa", two(gold, said))
    yield Reproduced("llmbar", what, row["stored"], right, REFERENCE, row["right"], f"published is wrong: {_SLIP}")


def _subsets(found: LabelledSet) -> Numbers:
    import numpy as np

    of = {sample.id: sample.meta["subset"] for sample in found.samples}
    return np.array([of[id] for id in found.table("instruction_following").ids])


def _parsed(what: str) -> tuple[str, str, str]:
    """`GPT-4/CoT Natural average accuracy %` as (judge, subset, accuracy or agreement)."""
    judge, subset, *rest = what.split()
    return judge, subset, "accuracy" if "accuracy" in rest else "positional agreement"
