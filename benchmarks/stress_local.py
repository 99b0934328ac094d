"""Which relations the embedded judge keeps, on the examples and on labelled sets, with what it cannot do said beside.

    python benchmarks/stress_local.py [--n 60] [--seed 0] [--judge local …] [--set summeval …] [--out FILE.md]

Takes some minutes on two cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random

from recjudge.human_labels import Interval, load_set
from recjudge.human_labels.stress import Outcome, Stressed, stress
from recjudge.judge import Sample, load_judge, read, shipped
from recjudge.rubrics import by_task

ROOT = Path(__file__).parent.parent
SETS = ("examples", "summeval", "abredial", "intentionqa")
JUDGES = ("local", "local/lexical", "local/prior")
NOTES = """\
- A relation changes samples by rule so that it is known how a good judge's word may move. `yes`: within its limit for a
  judge that asks no model (`human_labels/stress/relations.py`). A dash: no sample it could be tried on, and the reason.
- *samples*: those it could change; *variants*: changed ones that were judged; *unsound*: thrown away by the relation's
  own check before they were judged (a word that cannot be swapped back, most often).
- Drift is the mean change of a dimension's expected place on its scale, in steps; intervals draw whole groups, 95 %.
- *slips*, *omission*: Kendall's tau-b between how much is changed and the score, within a sample, then its mean; `to
  another label` is how often the label fell, too: between the two lies what this judge notices and does not call a
  falsehood (a denial, another name of the same kind in a longer text).
- Samples that had the worst label, or grade, before anything was changed cannot fall and are left out of tau-b and of
  *another sample's*: their number stands beside.
"""


def main() -> None:
    """Runs the relations of every judge on every source and writes the page."""
    options = _options()
    started = time.perf_counter()
    sources = {name: _drawn(_samples(name), options.n, options.seed) for name in options.set}
    found: dict[tuple[str, str], Stressed] = {}
    for name in options.judge:
        judge = load_judge(name)
        for source, samples in sources.items():
            found[source, name] = stress(samples, judge, seed=options.seed)
            print(f"{name} on {source}: {time.perf_counter() - started:.0f} s", flush=True)
    command = f"python benchmarks/stress_local.py --n {options.n} --seed {options.seed}"
    page = "\n".join(
        [
            "# The embedded judges under stress",
            "",
            f"`{command}`; on a judge of your own: `recjudge stress FILE --judge …`.",
            "",
            NOTES,
            *_overview(found),
            *(_part(source, one) for (source, _), one in found.items()),
        ]
    )
    print(page)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page.rstrip() + "\n")


def _overview(found: Mapping[tuple[str, str], Stressed]) -> list[str]:
    """Every relation against every source and judge: a dash where nothing could be measured."""
    heads = [f"{source}: {judge.removeprefix('local/') if '/' in judge else judge}" for source, judge in found]
    rows = zip(*(tuple(one) for one in found.values()), strict=True)
    return [
        "## All",
        "",
        f"| | relation | {' | '.join(heads)} |",
        f"|---|---|{'---|' * len(heads)}",
        *(f"| {row[0].relation.number} | {row[0].relation.name} | {' | '.join(map(_word, row))} |" for row in rows),
        "",
    ]


def _samples(name: str) -> list[Sample]:
    if name != "examples":
        return list(load_set(name).samples)
    units = read(ROOT / "examples" / "outputs.jsonl", tasks=by_task(shipped().values()))
    return [unit for unit in units if isinstance(unit, Sample)]


def _drawn(samples: list[Sample], n: int, seed: int) -> list[Sample]:
    if len(samples) <= n:
        return samples
    return [samples[at] for at in sorted(Random(seed).sample(range(len(samples)), n))]


def _part(name: str, found: Stressed) -> str:
    broken = ", ".join(found.broken) or "none"
    lines = [
        f"## {name}, `{found.judge}`: {found.samples} samples; broken: {broken}",
        "",
        "| | relation | samples | variants | unsound | holds | what was found |",
        "|---|---|---|---|---|---|---|",
        *(_row(one) for one in found.outcomes),
        "",
    ]
    for one in found.outcomes:
        if one.holds is False:
            lines += [f"{one.relation.name}: {_example(one)}", ""]
    return "\n".join(lines)


def _row(one: Outcome) -> str:
    counts = (one.samples, one.variants, sum(one.unsound.values()))
    words = f"{one.why}{_figures(one)}" + (f"; {one.floored} could not fall" if one.floored else "")
    cells = (str(one.relation.number), one.relation.name, *map(str, counts), _word(one), words)
    return f"| {' | '.join(cells)} |"


def _word(one: Outcome) -> str:
    return {True: "yes", False: "**no**", None: "–"}[one.holds]


def _figures(one: Outcome) -> str:
    """The deciding figure's interval."""
    name = next((name for name in ("tau", "raised", "moved", "floor") if name in one.figures), "")
    return f" ({name} {_range(one.figures[name])})" if name and one.holds is not None else ""


def _range(found: Interval) -> str:
    if found.low != found.low:
        return f"{found.value:.2f}, no interval: no variation"
    return f"[{found.low:.2f}, {found.high:.2f}]"


def _example(one: Outcome) -> str:
    if not one.worst:
        return one.why
    worst = one.worst[0]
    moved = ", ".join(
        f"{name} {'–' if a is None else f'{a:.2f}'} → {'–' if b is None else f'{b:.2f}'}"
        for name, (a, b) in worst.changes.items()
    )
    before, after = (" ".join(text.split())[:200] for text in (worst.before, worst.after))
    return f"`{worst.id}`, {worst.what}: {moved}. Before: “{before}” After: “{after}”"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--judge", nargs="+", default=JUDGES)
    parser.add_argument("--set", nargs="+", default=SETS)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "results" / "stress_local.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
