"""Accuracy and its kin against scikit-learn, confidence, and the sentence under a table of coefficients."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recjudge.human_labels import Share, interval, wilson
from recjudge.human_labels.coefficients.classes import class_figures, confusion
from recjudge.human_labels.coefficients.confidence import brier, ece, reliability_bins
from recjudge.human_labels.coefficients.paradox import order_sentence, paradox, sentence

_ = math.nan
CODES = (0.0, 1.0, 2.0)
PASS = frozenset({1.0, 2.0})
WORD = st.sampled_from([0.0, 1.0, 2.0])
PAIRS = st.lists(st.tuples(WORD, WORD), min_size=1, max_size=40)
close = pytest.approx


def figures(pairs: list[tuple[float, float]], **more: object) -> dict[str, float]:
    """Values by name of (truth, said)."""
    truth, said = np.array(pairs, float).reshape(-1, 2).T
    made = class_figures(truth, said, CODES, PASS, **more)  # type: ignore[arg-type]
    return {name: of.value for name, of in made.items()}


@settings(max_examples=40)
@given(PAIRS)
def test_multi_class_figures_are_scikit_learns(pairs: list[tuple[float, float]]) -> None:
    from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, precision_recall_fscore_support

    truth, said = np.array(pairs).T
    found = figures(pairs)
    assert found["accuracy"] == close(accuracy_score(truth, said), abs=1e-9)
    assert found["f1_weighted"] == close(f1_score(truth, said, average="weighted", zero_division=0), abs=1e-9)
    assert found["recall_weighted"] == close(found["accuracy"])
    precision, recall, f1, support = precision_recall_fscore_support(truth, said, labels=CODES, zero_division=np.nan)
    assert found["balanced_accuracy"] == close(recall[support > 0].mean(), abs=1e-9)
    for place, code in enumerate(CODES):
        known = (found[f"{name}:{code:g}"] for name in ("precision", "recall", "f1"))
        assert tuple(known) == close((precision[place], recall[place], f1[place]), abs=1e-9, nan_ok=True)
    weighted = (precision[support > 0] * support[support > 0]).sum() / support.sum()
    assert found["precision_weighted"] == close(weighted, abs=1e-9, nan_ok=True)
    if len(set(truth)) > 1 and len(set(said)) > 1:
        assert found["mcc"] == close(matthews_corrcoef(truth, said), abs=1e-9)


@settings(max_examples=40)
@given(PAIRS)
def test_binary_figures_are_scikit_learns_with_a_pass_as_positive(pairs: list[tuple[float, float]]) -> None:
    from sklearn.metrics import precision_recall_fscore_support

    truth, said = np.array(pairs).T
    found = figures(pairs)
    wanted = precision_recall_fscore_support(
        truth >= 1, said >= 1, labels=[False, True], zero_division=np.nan, average=None
    )
    names = ("precision_binary", "recall_binary", "f1_binary")
    assert [found[name] for name in names] == close([column[1] for column in wanted[:3]], abs=1e-9, nan_ok=True)
    assert found["specificity_binary"] == close(wanted[1][0], abs=1e-9, nan_ok=True)
    assert found["prevalence"] == close((truth >= 1).mean())
    assert found["bias_index"] == close(abs((said >= 1).mean() - (truth >= 1).mean()), abs=1e-12)
    assert found["majority_baseline"] == close(np.unique(truth, return_counts=True)[1].max() / len(truth))


@given(PAIRS)
def test_the_confusion_has_the_truth_in_rows(pairs: list[tuple[float, float]]) -> None:
    from sklearn.metrics import confusion_matrix

    truth, said = np.array(pairs).T
    assert (confusion(truth, said, CODES) == confusion_matrix(truth, said, labels=CODES)).all()


def test_no_figure_stands_without_its_mode() -> None:
    named = {"accuracy", "balanced_accuracy", "majority_baseline", "mcc", "prevalence", "bias_index"}
    for name in figures([(0, 1), (2, 2)], words=("bad", "fair", "good")):
        mode = name.partition(":")[2] or name.partition("_")[2]
        assert name in named or mode in ("binary", "weighted", "bad", "fair", "good")


def test_without_a_positive_class_there_is_no_binary_figure() -> None:
    found = class_figures(np.array([0.0, 1]), np.array([0.0, 1]), CODES)
    assert not any(name.endswith("_binary") for name in found)
    assert "prevalence" not in found


def test_a_precision_without_a_predicted_positive_is_undefined_not_zero() -> None:
    found = figures([(0, 0), (1, 0), (2, 0)])
    assert math.isnan(found["precision_binary"])
    assert math.isnan(found["precision_weighted"])
    assert found["recall_binary"] == 0
    assert found["f1_binary"] == 0


def test_a_judge_that_always_passes_has_a_fine_f1_and_no_specificity() -> None:
    found = figures([(1, 1)] * 95 + [(0, 1)] * 5)
    assert found["accuracy"] == close(0.95)
    assert found["f1_binary"] == close(0.974, abs=5e-4)
    assert found["specificity_binary"] == 0
    assert found["balanced_accuracy"] == close(0.5)
    assert found["majority_baseline"] == close(0.95)


def test_a_precision_of_one_has_the_wilson_interval_of_what_was_said_positive() -> None:
    truth, said = np.array([1.0] * 12 + [0.0] * 88), np.array([1.0] * 10 + [0.0] * 90)
    found = interval(class_figures(truth, said, CODES, PASS)["precision_binary"])
    assert (found.n, found.method) == (10, "wilson")
    assert (found.low, found.high) == close(wilson(10, 10))
    assert found.low == close(Share(10, 10, 10).interval[0])


def test_an_unjudged_item_is_no_error_of_the_judge() -> None:
    found = class_figures(np.array([1.0, 1, 0, _]), np.array([1.0, _, 0, 1]), CODES, PASS)
    assert found["accuracy"].value == 1
    assert found["accuracy"].n == 2
    assert confusion(np.array([1.0, 1, _]), np.array([1.0, _, 0]), CODES).sum() == 1


def test_a_label_that_is_no_code_is_refused() -> None:
    with pytest.raises(ValueError, match="off the scale: 2 by judge on item 1"):
        class_figures(np.array([0.0, 1]), np.array([0.0, 2]), (0.0, 1.0))


@pytest.mark.parametrize("pairs", [[], [(_, 1.0)], [(1.0, _)]])
def test_nothing_to_compare_has_no_figure(pairs: list[tuple[float, float]]) -> None:
    assert all(math.isnan(value) for value in figures(pairs).values())
    assert confusion(*np.array(pairs, float).reshape(-1, 2).T, CODES).sum() == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 1.0])), min_size=1, max_size=40))
def test_brier_is_scikit_learns_and_ece_that_of_its_bins(pairs: list[tuple[float, float]]) -> None:
    from sklearn.metrics import brier_score_loss

    p, truth = np.array(pairs).T
    assert brier(p, truth).value == close(brier_score_loss(truth, p, labels=[0, 1]), abs=1e-9)
    bins = reliability_bins(p, truth)
    assert ece(p, truth).value == close(sum(b.n * abs(b.passed - b.confidence) for b in bins) / len(p), abs=1e-9)
    assert sum(b.n for b in bins) == len(p)
    assert all(b.low <= b.confidence <= b.high for b in bins)


def test_a_probability_on_an_edge_lies_in_the_bin_that_begins_there() -> None:
    found = reliability_bins(np.array([0.7, 0.3, 1.0, 0.0]), np.array([1.0, 0, 1, 0]))
    assert [(b.low, b.high, b.n) for b in found] == [(0, 0.1, 1), (0.3, 0.4, 1), (0.7, 0.8, 1), (0.9, 1, 1)]
    assert found[0].interval == wilson(0, 1)


def test_confidence_without_a_word_does_not_enter() -> None:
    p, truth = np.array([0.9, _, 0.2]), np.array([1.0, 1, _])
    assert brier(p, truth).value == close(0.01)
    assert (brier(p, truth).n, ece(p, truth).n) == (1, 1)
    assert math.isnan(ece(p[1:], truth[1:]).value)


@pytest.mark.parametrize(("p", "truth"), [([1.2], [1]), ([0.5], [2]), ([0.5, 0.5], [1])])
def test_what_is_no_probability_or_no_word_is_refused(p: list[float], truth: list[float]) -> None:
    with pytest.raises(ValueError):
        brier(np.array(p), np.array(truth))


def test_the_paradox_is_flagged_where_labels_coincide_and_do_not_discriminate() -> None:
    found = paradox({"raw_agreement": 0.91, "ac2_quadratic": 0.77, "alpha_ordinal": -0.03}, 0.9)
    assert found is not None
    assert "AC2 (quadratic) is .77 but alpha (ordinal) -.03" in found
    assert "coincide, but do not discriminate (one label is 90% of all)" in found


def test_an_undefined_kappa_is_flagged_with_its_reason() -> None:
    found = paradox({"raw_agreement": 1.0, "kappa": _, "ac1": 1.0}, None)
    assert found is not None
    assert "kappa is undefined: a rater gives one and the same label" in found


@pytest.mark.parametrize(
    "values",
    [
        {"raw_agreement": 0.9, "kappa": 0.8, "ac1": 0.85},
        {"raw_agreement": 0.5, "kappa": 0.1},
        {"ac1": 0.62, "alpha_nominal": 0.39},
        {"raw_agreement": _, "kappa": _},
        {},
    ],
)
def test_no_flag_where_coefficients_agree(values: dict[str, float]) -> None:
    assert paradox(values, 0.5) is None


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"alpha_ordinal": 0.9}, "the labels tell items apart (alpha (ordinal) .90)"),
        ({"alpha_ordinal": 0.7}, "tentative conclusions"),
        ({"kappa": 0.5}, "agree in part"),
        ({"kappa": 0.1}, "little beyond chance"),
        ({"kappa": -0.4}, "reversed or shifted scale"),
        ({"spearman": 0.8}, "much the same order"),
        ({"kappa": _, "raw_agreement": 1.0}, "undefined"),
        ({}, "No coefficient is defined"),
    ],
)
def test_a_sentence_says_what_the_table_means(values: dict[str, float], words: str) -> None:
    assert words in sentence(values)


def test_like_order_on_another_level_is_said() -> None:
    found = order_sentence({"spearman": 0.9, "ccc": 0.3, "bias": 1.2})
    assert found is not None
    assert (
        "like order (rho .90), but not on the same level (Lin's concordance .30); the mean difference is +1.20" in found
    )
