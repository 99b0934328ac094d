"""The page of the learned embedded judge: its words, its baselines, its calibration error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from embedded_agreement import rouge_l, source_of  # type: ignore[import-not-found]
from recjudge.human_labels import load_set
from recjudge.judge.embedded.embedding import load_embedder

Numbers = Any
BINS = 10

HEADER = (
    "Set", "People's dimension → ours", "Held out", "n", "Clusters", "Measure", "Learned [95 %, over clusters]",
    "[95 %, over systems]", "Human ceiling [95 %]", "ROUGE-L", "MiniLM cosine", "Commonest label", "ECE",
)  # fmt: skip
NOTES = """\
- Every score is by weights, scales and cuts of other samples. *Documents and systems at once*: 5 × 4 blocks, a sample's
  model saw neither its document nor its system. *Groups*: ten folds of whole dialogues, questions or sentences.
- Spearman's rho of the score, as each fold's weights give it, with the mean human label (AUC where people gave 0 or
  1); {draws:,} draws of whole clusters, BCa, seed {seed}. *ECE*: of the probability of the best label, people's scale
  cut evenly; ten bins of as many samples.
- The settings of the fit are not chosen but averaged (`embedded_fit.py`). Which columns there are, and that averaging
  is better than choosing, was decided on these sets: expect a little less elsewhere.
"""


def page_of(
    lines: Sequence[str],
    curves: Sequence[str],
    draws: Sequence[str],
    *,
    draws_of_intervals: int,
    seed: int,
    blocks: int,
) -> str:
    """The page, from lines of its tables and lists."""
    head = [f"| {' | '.join(HEADER)} |", f"|{'---|' * len(HEADER)}"]
    surer = [line for line in curves if "learned" not in line]
    beside = [line for line in curves if "learned" in line]
    return "\n".join(
        [
            "# The learned embedded judge against held-out people", "", *head, *lines, "",
            NOTES.format(draws=draws_of_intervals, seed=seed),
            f"## {blocks} draws of the blocks, documents and systems at once", "",
            "| SummEval | mean Spearman | least | most |", "|---|---|---|---|", *draws, "",
            "## Selective accuracy", "",
            "Share of samples kept, the surest first, and how often the likeliest label is people's:", "", *surer, "",
            "## Recorded LLM judges, on the same samples", "", *beside, "",
        ]
    )  # fmt: skip


def calibration_error(shares: Numbers, places: Numbers) -> float:
    """Expected calibration error of P(best label): ten bins of as many samples; |mean probability - share| by size."""
    likely, right = shares[:, -1], places == shares.shape[1] - 1
    bins = np.array_split(np.argsort(likely, kind="stable"), BINS)
    return float(sum(len(rows) * abs(likely[rows].mean() - right[rows].mean()) for rows in bins) / len(likely))


@cache
def columns_of(name: str) -> tuple[Mapping[str, float], ...]:
    """ROUGE-L and cosine with what the text was made from, by id."""
    found, embedder = load_set(name), load_embedder()
    pairs = {sample.id: (sample.text, source_of(sample)) for sample in found.samples}
    if embedder:
        embedder.prepare([text for pair in pairs.values() for text in pair])
    near = {id: embedder.similarity(*pair) if embedder and all(pair) else None for id, pair in pairs.items()}
    return (
        {id: rouge_l(*pair) if all(pair) else np.nan for id, pair in pairs.items()},
        {id: np.nan if value is None else value for id, value in near.items()},
    )
