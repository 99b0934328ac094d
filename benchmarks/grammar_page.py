"""What the learned grammar signal is worth, on sentences and people that it did not learn from: the page's figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from corrupting import Pair  # type: ignore[import-not-found]  # beside this script
from embedded_agreement import _held, _number, _shown  # type: ignore[import-not-found]
from embedded_fit import OF_SYSTEMS, STRONG, Task, portions, weighed  # type: ignore[import-not-found]
from embedded_page import calibration_error  # type: ignore[import-not-found]
from recjudge.human_labels import interval, load_set
from recjudge.judge import Sample, read, shipped
from recjudge.judge.checks.grammar import slips
from recjudge.judge.embedded.language import readable
from recjudge.judge.embedded.learned import grammar
from recjudge.judge.embedded.learned.against_source import sentences_of
from recjudge.judge.embedded.learned.columns import KINDS, VERSION, columns
from recjudge.judge.embedded.learned.states import MEAN_LAYERS, States
from recjudge.judge.student.features import names_for

Numbers = Any
ALARMS = 0.05
DRAWS, BLOCKS = 1000, 3
ROOT = Path(__file__).parents[1]
NOTES = """\
The signal is a small network on the token states of MiniLM's layers 2, 4 and 6 (`judge/embedded/learned/grammar.py`),
trained on {pairs:,} pairs: a clean sentence of HelpSteer2 or of a template, and the same with one slip made by rule
(`corrupting.py`, `minimal_pairs.py`). No label of a person was used. While it was built, its AUC on every second
sentence of CoLA's development set (the first, third, ...) was looked at, for some ways to train; the other
half was not. Mean states of layers 3 and 5, learned on CoLA's own labels, reached .603 [.567, .640].

On a single sentence it should abstain: its order is better than chance and than those states, but it is far from people
and its probability is not one of people's No (the ECE without labels). As a column beside others, or as a reason to
look at a sentence, it may serve. In long ordinary sentences it lets most slips of agreement pass: the rules' kinds
below say which. Held-out templates have other words than those learned from, but the same constructions.
"""


def page_of(held: Sequence[Pair], states: States, pairs: int, *, seed: int, kept_in: Path | None) -> str:
    """Markdown; `held` are pairs whose clean sentences were not learned from."""
    kinds, line = _kinds(held, states)
    return "\n".join(
        [
            "# A grammar signal without labels", "", NOTES.format(pairs=pairs),
            "## CoLA: is a sentence acceptable?", "", *_cola(states, seed), "",
            "## SummEval: people's fluency", "", *_summeval(states, seed, kept_in), "",
            "## Sentences that rules corrupted, by kind", "",
            f"Recall where {ALARMS:.0%} of held-out clean sentences are flagged (from a probability of {line:.3f} on);",
            "and how often the corrupted sentence of a pair is the odder one.", "", *kinds, "",
            "## Texts of products", "", *_products(states, line), "",
        ]
    )  # fmt: skip


def _kinds(held: Sequence[Pair], states: States) -> tuple[list[str], float]:
    clean, wrong = (_shares([getattr(pair, side) for pair in held], states) for side in ("clean", "wrong"))
    by_rule = np.array([not pair.kind.startswith("template") for pair in held])
    line = float(np.nanquantile(clean[by_rule], 1 - ALARMS))
    lines = ["| Kind | n | Recall | Odder of the pair |", "|---|---|---|---|"]
    names = np.array([pair.kind for pair in held])
    for name, rows in [
        ("all rules", by_rule), ("all templates", ~by_rule), *((one, names == one) for one in sorted(set(names))),
    ]:  # fmt: skip
        recall, odder = (wrong[rows] >= line).mean(), (wrong[rows] > clean[rows]).mean()
        lines.append(f"| {name} | {rows.sum():,} | {recall:.0%} | {odder:.0%} |")
    return lines, line


def _cola(states: States, seed: int) -> list[str]:
    found = load_set("cola_dev")
    table = found.table("acceptability")
    text = {sample.id: sample.text for sample in found.samples}
    texts = [text[id] for id in table.ids]
    reads = states.of(texts)
    shares = _shares(texts, states)
    means = np.array([np.concatenate([read.means[MEAN_LAYERS.index(layer)] for layer in (3, 5)]) for read in reads])
    hidden = np.array([[*values, score] for _, score, values in map(grammar.read_out, reads)])
    untold = np.isnan(shares)
    shares[untold] = np.nanmean(shares)
    lengths = np.array([float(len(one.split())) for one in texts])
    unseen = np.arange(len(texts)) % 2 == 1
    labels = table.means
    with_labels = {
        "the signal's hidden values": hidden,
        "and mean states of layers 3 and 5": np.c_[means, hidden],
    }
    told = {name: _ten_folds(np.round(values, 5), labels, seed) for name, values in with_labels.items()}
    slipped = np.array([-float(len(slips(one))) for one in texts])
    rows: list[tuple[str, Numbers, Numbers, str]] = [
        ("the signal, no labels", -shares, np.ones(len(texts), bool), _ece(1 - shares, labels)),
        ("the signal, no labels, sentences never looked at", -shares, unseen, _ece(1 - shares[unseen], labels[unseen])),
        ("the signal, no labels, sentences looked at", -shares, ~unseen, _ece(1 - shares[~unseen], labels[~unseen])),
        ("shorter is better", -lengths, np.ones(len(texts), bool), "–"),
        ("Harper and patterns: slips", slipped, np.ones(len(texts), bool), "–"),
        *(
            (f"learned on CoLA's labels, ten folds: {name}", scores, np.ones(len(texts), bool), _ece(likely, labels))
            for name, (scores, likely) in told.items()
        ),
    ]
    lines = ["| Judge | n | AUC [95 %] | ECE |", "|---|---|---|---|"]
    for name, scores, kept, ece in rows:
        ids = [id for id, one in zip(table.ids, kept, strict=True) if one]
        auc = interval(_held("auc", scores[kept], labels[kept]), ids, seed=seed, draws=DRAWS)
        lines.append(f"| {name} | {kept.sum():,} | {_shown(auc)} | {ece} |")
    return [*lines, "", f"{untold.sum()} sentences are too short for the signal and have its mean here."]


def _ten_folds(values: Numbers, labels: Numbers, seed: int) -> tuple[Numbers, Numbers]:
    """Held-out scores and probabilities; the probability's slope is of inner folds."""
    groups = np.arange(len(labels))
    every = np.ones(len(labels), bool)
    task = Task(values, labels, groups, None, STRONG, np.ones(values.shape[1]), np.full(values.shape[1], -1))
    parts, scores, likely = portions(groups, every, 10, seed), np.empty(len(labels)), np.empty(len(labels))
    for at in range(10):
        train, inner = parts != at, np.full(len(labels), np.nan)
        scores[~train] = weighed(task, train).scores(values[~train])
        halves = portions(groups, train, 3, seed)
        for part in range(3):
            rows = train & (halves == part)
            inner[rows] = weighed(task, train & (halves != part)).scores(values[rows])
        slope, offset = _logistic(inner[train], labels[train])
        likely[~train] = 1 / (1 + np.exp(-(slope * scores[~train] + offset)))
    return scores, likely


def _logistic(scores: Numbers, labels: Numbers) -> tuple[float, float]:
    x, weights = np.c_[scores, np.ones(len(scores))], np.zeros(2)
    for _ in range(30):
        likely = 1 / (1 + np.exp(-x @ weights))
        curve = (x * (likely * (1 - likely))[:, None]).T @ x + 1e-6 * np.eye(2)
        weights = weights + np.linalg.solve(curve, x.T @ (labels - likely))
    return float(weights[0]), float(weights[1])


def _ece(likely: Numbers, labels: Numbers) -> str:
    return str(_number(calibration_error(np.c_[1 - likely, likely], labels.astype(int))))


def _summeval(states: States, seed: int, kept_in: Path | None) -> list[str]:
    found = load_set("summeval")
    table = found.table("fluency")
    samples = {sample.id: sample for sample in found.samples}
    chosen = [samples[id] for id in table.ids]
    own = np.array([grammar.odd_columns(sample.text, states) for sample in chosen])
    present = _present(chosen, states, kept_in)
    present = present[:, np.isfinite(present).any(0) & (np.nanstd(present, 0) > 0)]
    clusters = [found.clusters[id] for id in table.ids]
    systems = [str(sample.system) for sample in chosen]
    lines = ["| Judge | n | Spearman [95 %, over documents] | [95 %, over systems] |", "|---|---|---|---|"]
    for name, column in zip(grammar.MEANINGS, own.T, strict=True):
        sums = _held("spearman", -column, table.means)
        cells = [_shown(interval(sums, over, seed=seed, draws=DRAWS)) for over in (clusters, systems)]
        lines.append(f"| {name}, no labels | {np.isfinite(column).sum():,} | {' | '.join(cells)} |")
    drawn = {}
    for name, values in {
        "present columns": present,
        "and the signal's": np.c_[present, own],
        "the signal's alone": own,
    }.items():
        told = [_blocks(values, table.means, clusters, systems, draw) for draw in range(BLOCKS)]
        drawn[name] = [_held("spearman", one, table.means).value for one in told]
        sums = _held("spearman", told[0], table.means)
        cells = [_shown(interval(sums, over, seed=seed, draws=DRAWS)) for over in (clusters, systems)]
        lines.append(f"| learned, documents and systems held out: {name} | {len(chosen):,} | {' | '.join(cells)} |")
    shown = (
        f"{name} {_number(float(np.mean(one)))} ({_number(min(one))} to {_number(max(one))})"
        for name, one in drawn.items()
    )
    return [*lines, "", f"Mean over {BLOCKS} draws of the blocks (least to most): {'; '.join(shown)}."]


def _present(samples: Sequence[Any], states: States, kept_in: Path | None) -> Numbers:
    """The columns that fluency is learned from, from the folder where `train_embedded.py --cache` left them."""
    file = kept_in / f"summeval_source_{len(samples)}_{VERSION}.npy" if kept_in else None
    if file is not None and file.exists():
        kept: Numbers = np.load(file)
        return kept
    names = (*(f"quick:{name}" for name in names_for(shipped()["text"])), *KINDS["source"].meanings)
    order = sorted(range(len(samples)), key=lambda at: str(samples[at].context))
    found = np.empty((len(samples), len(names)))
    found[order] = np.round(columns("source", [samples[at] for at in order], names, states), 5)
    return found


def _blocks(values: Numbers, labels: Numbers, clusters: Sequence[str], systems: Sequence[str], seed: int) -> Numbers:
    """Scores by weights that saw neither a sample's document nor its system: 5 by 4 blocks."""
    groups, made_by = (np.unique(names, return_inverse=True)[1] for names in (clusters, systems))
    count = values.shape[1]
    task = Task(values, labels, groups, made_by, OF_SYSTEMS, np.ones(count), np.full(count, -1))
    every, scores = np.ones(len(labels), bool), np.full(len(labels), np.nan)
    of_groups, of_systems = portions(groups, every, 5, seed), portions(made_by, every, 4, seed)
    for one in range(5):
        for other in range(4):
            train, told = (of_groups != one) & (of_systems != other), (of_groups == one) & (of_systems == other)
            scores[told] = weighed(task, train).scores(values[told])
    return scores


def _products(states: States, line: float) -> list[str]:
    broken = set(json.loads((ROOT / "examples" / "defects.json").read_text()))
    lines = ["| Texts | Sentences | Flagged at this line | At twice its odds | The oddest |", "|---|---|---|---|---|"]
    for file in ("examples/outputs.jsonl", "tests/data/held_out.jsonl"):
        found = [one for one in read(ROOT / file, tasks=shipped()) if isinstance(one, Sample)]
        good = [sample for sample in found if sample.id not in broken and "planted" not in sample.meta]
        samples = [sample for sample in good if readable(sample.text)]
        texts = list(dict.fromkeys(one for sample in samples for one in sentences_of(sample.text, 50)))
        told = [(one.share, one.quote, text) for one, text in zip(grammar.odd(texts, states), texts, strict=True)]
        told = sorted((one for one in told if one[0] == one[0]), reverse=True)
        surer = 2 * line / (1 + line)
        cells = [f"{sum(one[0] >= limit for one in told) / len(told):.0%}" for limit in (line, surer)]
        oddest = "; ".join(f"{text} ({share:.2f}: {quote})" for share, quote, text in told[:3])
        lines.append(f"| {file} | {len(told)} | {' | '.join(cells)} | {oddest} |")
    return lines


def _shares(texts: Sequence[str], states: States) -> Numbers:
    return np.array([one.share for one in grammar.odd(list(texts), states)])
