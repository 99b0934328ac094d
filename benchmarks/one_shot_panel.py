"""One call for all dimensions against one call a dimension, on the same labelled samples: which is right, at what cost?

    recjudge score outputs.jsonl -j openai/MODEL --mode panel  --out panel.verdicts.jsonl  --price 0.25,0.025,2
    recjudge score outputs.jsonl -j openai/MODEL --mode single --out single.verdicts.jsonl --price 0.25,0.025,2
    python benchmarks/one_shot_panel.py panel.verdicts.jsonl single.verdicts.jsonl --labels labels.csv

prints one Markdown row a dimension (difference in accuracy, F1, kappa, AC1 with intervals and p) and what each took.
Any two files on the same samples will do. It holds no figures of its own: they are those of the files it is given.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path

from recjudge.errors import RecjudgeError
from recjudge.human_labels import Comparison, Interval, People, compare, read_labels, read_side
from recjudge.human_labels.comparing import AgainstPeople, Bill, JudgesSection
from recjudge.judge import shipped

COLUMNS = (
    "task.dimension",
    "n",
    "accuracy a",
    "accuracy b",
    "a - b",
    "alone right",
    "p (adjusted)",
    "F1",
    "kappa",
    "AC1",
)


def main(arguments: list[str] | None = None) -> int:
    """Compares two verdict files and prints the table; 2 when they cannot be compared."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("a", type=Path, help="verdicts of --mode panel")
    parser.add_argument("b", type=Path, help="verdicts of --mode single")
    parser.add_argument("--labels", type=Path, required=True)
    asked = parser.parse_args(arguments)
    rubrics = list(shipped().values())
    try:
        people = People(read_labels(asked.labels, rubrics=rubrics), rubrics)
        found = compare(read_side(asked.a), read_side(asked.b), people, kind="judges")
    except RecjudgeError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write("".join(f"{line}\n" for line in lines(found)))
    return 0


def lines(found: Comparison) -> Iterator[str]:
    """The comparison as Markdown."""
    yield f"a: `{found.a}`  \nb: `{found.b}`  \nlabels: {found.labels}\n"
    yield from (f"> {warning}\n" for warning in found.warnings)
    yield f"| {' | '.join(COLUMNS)} |"
    yield "|---" * len(COLUMNS) + "|"
    sections = [section for section in found.sections if isinstance(section, JudgesSection)]
    for section in sections:
        yield from (_row(section.task, one) for one in section.people)
    yield f"\nDifferences are a - b [95 %]; p adjusted by {found.rule} over {found.family}.\n"
    for section in sections:
        for name, bill in zip("ab", section.bills, strict=True):
            yield f"- {section.task}, {name}: {_took(bill)}"
        yield f"\n{section.headline}"


def _row(task: str, one: AgainstPeople) -> str:
    figures = {figure.name: figure.delta for figure in one.figures}
    gap = one.accuracy
    cells = (
        f"{task}.{one.dimension}", f"{one.both} of {one.n}", _shown(gap.a.interval), _shown(gap.b.interval),
        _shown(gap.delta), f"{one.discordant.only_a} / {one.discordant.only_b}", f"{gap.p:.3g} ({gap.adjusted:.3g})",
        *(_shown(figures[name]) for name in ("f1_pass", "kappa", "ac1")),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _took(bill: Bill) -> str:
    dollars = "dollars not recorded" if bill.usd is None else f"${bill.usd / max(1, bill.samples):.6f} a sample"
    seconds = "seconds not recorded" if bill.seconds is None else f"{bill.seconds:.2f} s a sample (median)"
    return (
        f"{bill.calls / max(1, bill.samples):.2f} calls, {bill.tokens_in / max(1, bill.samples):.0f} tokens in and "
        f"{bill.tokens_out / max(1, bill.samples):.0f} out a sample, {dollars}, {seconds}, unjudged "
        f"{sum(bill.unjudged.values())} of {bill.samples}"
    )


def _shown(found: Interval) -> str:
    if math.isnan(found.value):
        return "not measured"
    bounds = "no interval" if math.isnan(found.low) else f"{found.low:.3f}, {found.high:.3f}"
    return f"{found.value:.3f} [{bounds}]"


if __name__ == "__main__":
    sys.exit(main())
