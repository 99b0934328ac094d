"""RecGPT's table of judges against people (arXiv 2507.22879v2, Table 9), read backwards.

The table prints accuracy, precision, recall and F1. For a binary verdict three of them fix the whole confusion matrix,
and with it what the table leaves out: how many samples people pass, how many bad ones the judge stops, and kappa.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from ..coefficients.classes import class_figures
from .checking import Reproduced, printed

_HALF = 0.00005
"""Half a unit of the table's last digit."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: positive means that people pass the sample."""

    accuracy: float
    precision: float
    recall: float
    f1: str

    @property
    def prevalence(self) -> float:
        """The share people pass: 1 - ACC = prevalence * (R (1 - P) / P + 1 - R)."""
        return (1 - self.accuracy) / (self.recall * (1 - self.precision) / self.precision + 1 - self.recall)

    @property
    def specificity(self) -> float:
        """The share of what people fail that the judge fails too."""
        passed_wrongly = self.prevalence * self.recall * (1 - self.precision) / self.precision
        return 1 - passed_wrongly / (1 - self.prevalence)

    @property
    def kappa(self) -> float:
        """Cohen's kappa of the judge with people."""
        passed = self.prevalence * self.recall / self.precision
        chance = passed * self.prevalence + (1 - passed) * (1 - self.prevalence)
        return (self.accuracy - chance) / (1 - chance)

    @property
    def own_f1(self) -> float:
        """F1 of the printed precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def rounding(self, of: str) -> float:
        """How far a property can be off because the row is printed to four digits: over the corners of the box."""
        corners = product((-_HALF, _HALF), repeat=3)
        moved = (Row(self.accuracy + a, self.precision + p, self.recall + r, self.f1) for a, p, r in corners)
        return float(max(abs(getattr(row, of) - getattr(self, of)) for row in moved))


_BINARY = {
    "interest Base": Row(0.6777, 0.6742, 0.9777, ".7968"),
    "interest SFT": Row(0.7689, 0.7996, 0.8575, ".8275"),
    "tag Base": Row(0.8741, 0.9310, 0.9196, ".9253"),
    "tag SFT": Row(0.9308, 0.9714, 0.9463, ".9587"),
}
_WEIGHTED = {
    "explanation Base": Row(0.5677, 0.8753, 0.5677, ".6657"),
    "explanation SFT": Row(0.8976, 0.9067, 0.8976, ".9016"),
}
_IMPLIED = {
    "interest Base": {"prevalence": ".651", "specificity": ".12", "kappa": ".12"},
    "interest SFT": {"prevalence": ".647", "specificity": ".61", "kappa": ".48"},
    "tag Base": {"specificity": ".62", "kappa": ".53"},
    "tag SFT": {"specificity": ".84", "kappa": ".75"},
}
"""What the rows imply, worked out by hand."""
_TAGS_PASSED = ".848"
"""People's pass rate of the tags that the paper prints elsewhere (84.8 %)."""
_GAPS = {
    "interest Base": (".7981", "the row's own precision and recall give .7981; no rounding explains the difference"),
}


def recgpt() -> Iterator[Reproduced]:
    """The binary rows: F1 again, prevalence, specificity, kappa. The explanation rows: why they cannot be binary."""
    for name, row in _BINARY.items():
        yield _f1(name, row)
        for of, text in _IMPLIED[name].items():
            yield _figure(f"{name}: {of}", text, getattr(row, of))
    for name in ("tag Base", "tag SFT"):
        yield _pass_rate(name, _BINARY[name])
    for name, row in _WEIGHTED.items():
        note = "recall weighted by each class's share is the accuracy, whatever the data"
        yield Reproduced("recgpt", f"{name}: accuracy is recall", row.accuracy, row.recall, 0.0, note=note)
    yield from _not_binary()
    yield from _weighted_recall()


def _f1(name: str, row: Row) -> Reproduced:
    right, why = _GAPS.get(name, (None, ""))
    return _figure(f"{name}: F1 of P and R", row.f1, row.own_f1, None if right is None else float(right), why)


def _figure(what: str, text: str, ours: float, right: float | None = None, note: str = "") -> Reproduced:
    published, half = printed(text)
    return Reproduced("recgpt", what, published, ours, half, right, note)


def _pass_rate(name: str, row: Row) -> Reproduced:
    """Two figures of the paper, each rounded on its own: the tolerance holds both roundings."""
    published, half = printed(_TAGS_PASSED)
    reach = row.rounding("prevalence")
    note = f"both are rounded: the row's four digits leave room for {reach:.4f}"
    return Reproduced(
        "recgpt", f"{name}: prevalence, and the pass rate", published, row.prevalence, half + reach, note=note
    )


def _not_binary() -> Iterator[Reproduced]:
    """Read as binary, two judges of one test set would need two prevalences."""
    for name, text in (("explanation Base", ".84"), ("explanation SFT", ".53")):
        note = "one test set cannot have both: the rows are support-weighted"
        yield _figure(f"{name}: prevalence if binary", text, _WEIGHTED[name].prevalence, note=note)


def _weighted_recall() -> Iterator[Reproduced]:
    """The mode `weighted` of ours has that property, the mode `binary` has not."""
    import numpy as np

    truth = np.array([1.0, 1, 1, 1, 0, 0, 1, 0])
    said = np.array([1.0, 1, 0, 1, 1, 0, 1, 0])
    figures = class_figures(truth, said, (0.0, 1.0), frozenset({1.0}))
    found = {name: figures[name].value for name in ("accuracy", "recall_weighted", "recall_binary")}
    yield Reproduced("recgpt", "weighted recall of a small table", found["accuracy"], found["recall_weighted"], 0.0)
    yield Reproduced("recgpt", "binary recall of the same", 4 / 5, found["recall_binary"], 1e-12)
