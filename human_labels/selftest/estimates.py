"""Estimates and exact bounds whose values are printed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from ..estimation.ppi import ppi
from ..estimation.rogan_gladen import allocate, rogan_gladen
from ..proportions import clopper_pearson, upper_bound, wilson
from .checking import Reproduced, printed

_TRUTH = (1, 0, 1, 1, 0, 1, 1, 0, 1, 1)
_JUDGE = (1, 0, 1, 1, 1, 1, 0, 0, 1, 1)
_OTHERS = (1, 1, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 1)
_TUNING, _AT_TUNING = 0.3052631579, 0.6694736842
"""lambda and the mean that the package ppi_py (0.2.3) gives for these thirty samples."""


def corrected() -> Iterator[Reproduced]:
    """Lee et al. (arXiv 2511.21140): the corrected share with its interval, and how labels are best spent.

    Figures as the R package llmjudgereporting prints them for the authors' example.
    """
    found = rogan_gladen(400, 1000, 140, 200, 180, 200)
    for what, text, ours in (
        ("corrected share", ".1666667", found.value),
        ("lower bound", ".05635072", found.low),
        ("upper bound", ".262733", found.high),
    ):
        published, half = printed(text)
        yield Reproduced("lee", what, published, ours, half)
    for what, count, ours in zip(
        ("labels of failures", "labels of passes"), (136, 64), allocate(200, 0.4, 0.7, 0.9, m_pilot=10), strict=True
    ):
        yield Reproduced("lee", f"{what} of 200", float(count), float(ours), 0.0)


def prediction_powered() -> Iterator[Reproduced]:
    """The tuned weight of PPI++ (arXiv 2311.01453) and the mean at that weight, against the authors' package."""
    found = ppi(_TRUTH, _JUDGE, _OTHERS)
    n = len(_TRUTH)
    note = "theirs divides the covariance by n, ours by n - 1: ours times (n - 1) / n"
    theirs = found.tuning * (n - 1) / n
    yield Reproduced("ppi", "tuned weight", _TUNING, theirs, note=note)
    people = sum(_TRUTH) / n
    # the mean is people's own, moved by lambda times what the judge says apart from the labelled
    moved = (found.value - people) / found.tuning
    yield Reproduced("ppi", "mean at that weight", _AT_TUNING, people + theirs * moved, note=note)


def exact() -> Iterator[Reproduced]:
    """Intervals of a share: Newcombe's four examples (1998, Statistics in Medicine 17:857-872), and a certificate."""
    for (count, n), texts in _NEWCOMBE.items():
        ours = (*wilson(count, n), *clopper_pearson(count, n))
        for name, text, found in zip(_BOUNDS, texts, ours, strict=True):
            published, half = printed(text)
            yield Reproduced("exact", f"{count} of {n}, {name}", published, found, half)
    certified = next(n for n in range(1, 1000) if upper_bound(0, n, 0.05) <= 0.05)
    yield Reproduced("exact", "samples without a failure that certify 5 % at 95 %", 59.0, float(certified), 0.0)


_BOUNDS = ("Wilson's lower bound", "Wilson's upper bound", "the exact lower bound", "the exact upper bound")
_NEWCOMBE = {
    (81, 263): (".2553", ".3662", ".2527", ".3676"),
    (15, 148): (".0624", ".1605", ".0578", ".1617"),
    (0, 20): (".0000", ".1611", ".0000", ".1684"),
    (1, 29): (".0061", ".1718", ".0009", ".1776"),
}
