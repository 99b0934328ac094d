"""The options of distill that train a Hugging Face model, and what is printed of one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from ..errors import UsageError
from .printing import print_json, print_rows, say

if TYPE_CHECKING:
    from ..human_labels import Interval
    from ..training.distilling import DistilledTransformer, Held

Model = Annotated[
    Optional[Path],  # noqa: UP045 - read by typer at run time
    typer.Option(
        "--model", help="Train this local Hugging Face model (encoder or causal, safetensors); needs the train extra."
    ),
]
Lora = Annotated[Optional[int], typer.Option(min=1, help="With --model: rank of LoRA; default: all weights.")]  # noqa: UP045
Epochs = Annotated[int, typer.Option(min=1, help="With --model: most passes; stops when held-out order falls behind.")]
BatchGroups = Annotated[int, typer.Option(min=1, help="With --model: contexts, with all their candidates, in a step.")]
Rate = Annotated[float, typer.Option(help="With --model: largest step size of the body; the head's is 10 times it.")]
Length = Annotated[int, typer.Option(min=16, help="With --model: tokens of context and candidate together.")]
Device = Annotated[str, typer.Option(help="With --model: cpu, cuda, …; default: a GPU where there is one.")]

COLUMNS = (
    "target", "n", "groups", "of one level", "student [95 %]", "student - embedded [95 %]", "student - judge [95 %]",
    "Brier (base)",
)  # fmt: skip


def refuse_without(model: Path | None, folds: int, **chosen: object) -> None:
    """Raises `UsageError` for an option that would change nothing; chosen: those of a model, by name."""
    usual = {
        "lora": None, "epochs": 3, "batch_groups": 8, "learning_rate": 2e-5, "max_length": 1024, "device": "",
    }  # fmt: skip
    if model is None and (idle := next((name for name, value in chosen.items() if value != usual[name]), "")):
        raise UsageError(f"--{idle.replace('_', '-')} is of a Hugging Face model; name its folder with --model")
    if model is not None and folds != 5:
        raise UsageError("--folds is of the embedded student; with --model one part of the clusters is held out")


def progress() -> Callable[[int, int, float], None]:
    """Tells every tenth of the steps on standard error, where it is in no one's way."""

    def told(step: int, steps: int, loss: float) -> None:
        if step == steps or not step % max(1, steps // 10):
            sys.stderr.write(f"step {step} of {steps}: loss {_number(loss)}\n")

    return told


def print_transformer(found: DistilledTransformer, out: Path, labels: str, json: bool) -> None:
    """Held-out figures of each target, and what was left out; `labels` says what was learned from people."""
    if json:
        print_json({"folder": str(out), "student": found.student.name, "labels": labels or None, "card": found.card})
        return
    if labels:
        say(f"labels: {labels}")
    for task, rows in found.held.items():
        print_rows(f"{task}: pairs in order, held out", COLUMNS, [_row(one) for one in rows])
        say(*(f"{task}.{one.target}: {warning}" for one in rows for warning in one.warnings))
    if left := found.card["left_out"]:
        print_rows("Left out", ("reason", "n"), list(left.items()))
    training: dict[str, Any] = found.card["made"]["training"]
    if training["context_cut"] or training["too_long"]:
        say(
            f"contexts that lost their middle: {training['context_cut']} samples; texts too long to be read, left out: "
            f"{training['too_long']}"
        )
    for task in found.card["tasks"].values():
        say(*(f"{name} was not learned: {why}" for name, why in task["not_learned"].items()))
        say(*(f"note: {note}" for note in task["notes"]))
    if found.agreement is not None:
        say(found.agreement.headline)
    sys.stdout.write(f"wrote {out}: {found.student.name}, with card.md; recjudge score FILE --judge {out}\n")


def _row(one: Held) -> tuple[object, ...]:
    held = one.calibration
    return (
        one.target,
        one.n,
        one.student.contexts,
        one.student.degenerate,
        _shown(one.student.accuracy),
        _shown(one.ahead, "+"),
        _shown(one.over_judge, "+") if one.over_judge else "–",
        f"{_number(held.brier.value)} ({_number(held.base.value)})" if held else "–",
    )


def _shown(found: Interval, sign: str = "") -> str:
    """`.712 [.690, .733]`; dashes where a number is not defined."""
    return f"{_number(found.value, sign)} [{_number(found.low, sign)}, {_number(found.high, sign)}]"


def _number(value: float, sign: str = "") -> str:
    return "–" if value != value else f"{value:{sign}.3f}"  # NaN is no number
