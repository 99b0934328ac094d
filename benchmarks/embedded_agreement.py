"""How far the embedded judge agrees with people, on four real sets, beside what people reach and simple baselines.

    python benchmarks/embedded_agreement.py [--draws 1000] [--out benchmarks/results/embedded_agreement.md]

Takes some minutes on two cores. Nothing in the judge was fitted to these labels.
"""

from __future__ import annotations

import argparse
import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from recjudge.human_labels import METRICS, Interval, LabelledSet, Sums, Table, interval, load_set
from recjudge.human_labels.validity.ceilings import leave_one_out
from recjudge.judge.context import plain
from recjudge.judge.embedded.embedding import load_embedder
from recjudge.judge.judges import load_judge
from recjudge.judge.records import Finding, Sample, Status, Verdict
from recjudge.judge.score import score

Numbers = Any


@dataclass(frozen=True)
class Pair:
    """A dimension that people labelled and the one of ours that asks the same."""

    set: str
    theirs: str
    ours: str


PAIRS = (
    Pair("summeval", "relevance", "relevance"),
    Pair("summeval", "consistency", "factuality"),
    Pair("summeval", "fluency", "fluency"),
    Pair("summeval", "coherence", "clarity"),
    Pair("intentionqa", "intent_validity", "reasonableness"),
    Pair("abredial", "relevance", "relevance"),
    Pair("cola_dev", "acceptability", "fluency"),
)
HEADER = (
    "Set", "People's dimension → ours", "n", "Clusters", "Measure", "Embedded judge [95 %]", "Abstained",
    "Human ceiling [95 %]", "ROUGE-L", "MiniLM cosine", "Commonest label",
)  # fmt: skip
NOTES = """\
- *Embedded judge*: Spearman's rho (AUC where people gave 0 or 1) of the expected rank of its distribution with the mean
  human label, over the items it did not abstain on; {draws} draws of whole clusters, BCa, seed {seed}.
- *Abstained*: share of items on which it said that it cannot tell.
- *Human ceiling*: the mean over raters of Spearman(rater, mean of the other raters). For abredial the raters are slots
  in a dialogue, not persons.
- *ROUGE-L* (F1 over words) and *MiniLM cosine* (first 256 tokens) of the text with what it was made from: baselines on
  all n items; a dash where the set has no context.
- *Commonest label*: the share of single labels that always giving the commonest one gets right; its rho is undefined,
  its AUC .5.
"""


def main() -> None:
    """Judges the sets, computes the table, prints it and writes it."""
    options = _options()
    started = time.perf_counter()
    lines = []
    for name in dict.fromkeys(pair.set for pair in PAIRS):
        found = load_set(name)
        scored = score(found.samples, options.judge)
        verdicts = {verdict.id: verdict for verdict in scored}
        baselines = {key: _column(found, rate) for key, rate in _baselines(found).items()}
        lines += [_line(pair, found, verdicts, baselines, options) for pair in PAIRS if pair.set == name]
    page = _page(lines, options)
    print(page)
    print(f"{time.perf_counter() - started:.0f} s")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(page)


def expected_rank(finding: Finding) -> float:
    """The mean place on the scale under the finding's distribution; NaN without a word."""
    if finding.status is not Status.OK or finding.distribution is None:
        return math.nan
    return sum(place * share for place, share in enumerate(finding.distribution))


def rouge_l(text: str, source: str) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    from rapidfuzz.distance import LCSseq

    one, other = (re.findall(r"\w+", part.lower()) for part in (text, source))
    return 2 * LCSseq.similarity(one, other) / (len(one) + len(other)) if one or other else 0.0


def source_of(sample: Sample) -> str:
    """What the text was made from, as one text; empty when the set has no context."""
    return " ".join(plain(value) for key, value in sample.context.items() if key != "history") or " ".join(
        event["title"] for event in sample.context.get("history", ())
    )


def _line(
    pair: Pair, found: LabelledSet, verdicts: dict[str, Verdict], baselines: dict[str, dict[str, float]], options: Any
) -> str:
    table = found.table(pair.theirs)
    measure = "auc" if table.scale is not None and table.scale.kind == "binary" else "spearman"
    clusters = [found.clusters[name] for name in table.ids]
    judged = np.array([expected_rank(_finding(verdicts[name], pair.ours)) for name in table.ids])
    cells = [
        pair.set,
        f"{pair.theirs} → `{found.samples[0].task}.{pair.ours}`",
        f"{len(clusters):,}",
        f"{len(set(clusters)):,}",
        {"auc": "AUC", "spearman": "Spearman"}[measure],
        _agreement(measure, judged, table.means, clusters, options),
        f"{np.isnan(judged).mean():.0%}",
        _ceiling(table, clusters, options),
        *(
            _number(_held(measure, np.array([column[name] for name in table.ids]), table.means).value)
            for column in baselines.values()
        ),
        f"{_commonest(table.values):.0%}",
    ]
    return f"| {' | '.join(cells)} |"


def _finding(verdict: Verdict, dimension: str) -> Finding:
    return next(found for found in verdict.findings if found.dimension == dimension)


def _agreement(measure: str, judged: Numbers, gold: Numbers, clusters: Sequence[str], options: Any) -> str:
    if np.isnan(judged).all():
        return "abstains"
    return _shown(interval(_held(measure, judged, gold), clusters, seed=options.seed, draws=options.draws))


def _held(measure: str, one: Numbers, gold: Numbers) -> Sums:
    ids = tuple(str(place) for place in range(len(gold)))
    return METRICS[measure].make(Table(ids, ("judge", "people"), np.column_stack([one, gold])))


def _ceiling(table: Table, clusters: Sequence[str], options: Any) -> str:
    if len(table.raters) < 2:
        return "one rater"
    return _shown(interval(leave_one_out(table), clusters, seed=options.seed, draws=options.draws))


def _commonest(values: Numbers) -> float:
    """What always giving the commonest label gets right."""
    given = values[~np.isnan(values)]
    return float(np.unique(given, return_counts=True)[1].max() / len(given))


def _baselines(found: LabelledSet) -> dict[str, Callable[[Sample], float]]:
    embedder = load_embedder()
    if embedder:
        embedder.prepare([text for sample in found.samples for text in (sample.text, source_of(sample))])

    def cosine(sample: Sample) -> float:
        value = embedder.similarity(sample.text, source_of(sample)) if embedder else None
        return math.nan if value is None else value

    return {"rouge": lambda sample: rouge_l(sample.text, source_of(sample)), "cosine": cosine}


def _column(found: LabelledSet, rate: Callable[[Sample], float]) -> dict[str, float]:
    return {sample.id: rate(sample) if source_of(sample) else math.nan for sample in found.samples}


def _shown(found: Interval) -> str:
    return f"{_number(found.value)} [{_number(found.low)}, {_number(found.high)}]"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}".replace("0.", ".", 1)


def _page(lines: Sequence[str], options: Any) -> str:
    head = [f"| {' | '.join(HEADER)} |", f"|{'---|' * len(HEADER)}"]
    judge = load_judge(options.judge)
    rubrics = ", ".join(judge.rubrics[name].id for name in ("text", "intent"))
    notes = NOTES.format(draws=f"{options.draws:,}", seed=options.seed)
    return "\n".join([f"Judge: `{judge.name}` on {rubrics}.", "", *head, *lines, "", notes])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", default="local")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "embedded_agreement.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
