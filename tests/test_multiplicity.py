"""Many p-values as one family, and the test of discordant pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from recjudge.errors import UsageError
from recjudge.human_labels.comparing import mcnemar
from recjudge.human_labels.multiplicity import adjust
from scipy.stats import binomtest, false_discovery_control


def test_holm_multiplies_the_least_p_by_all_the_next_by_one_fewer() -> None:
    assert adjust([0.01, 0.04, 0.03], "holm") == pytest.approx((0.03, 0.06, 0.06))


@pytest.mark.parametrize("rule", ["bh", "by"])
def test_false_discovery_rules_equal_scipy(rule: str) -> None:
    values = np.random.default_rng(1).random(20) ** 3
    assert adjust(values, rule) == pytest.approx(tuple(false_discovery_control(values, method=rule)))


def test_an_undefined_p_is_no_member_of_the_family() -> None:
    found = adjust([0.02, math.nan, 0.03], "holm")
    assert math.isnan(found[1])
    assert (found[0], found[2]) == pytest.approx((0.04, 0.04))


def test_adjusted_p_stop_at_one_and_an_unknown_rule_is_refused() -> None:
    assert adjust([0.7, 0.9], "holm") == (1.0, 1.0)
    with pytest.raises(UsageError, match="holm, bh, by"):
        adjust([0.1], "bonferroni")


@pytest.mark.parametrize(("a", "b"), [(0, 1), (3, 9), (12, 12), (20, 4)])
def test_mcnemar_is_the_sign_test_under_25_discordant_items(a: int, b: int) -> None:
    assert mcnemar(a, b) == (pytest.approx(binomtest(a, a + b).pvalue), "McNemar, exact")


def test_mcnemar_is_chi_square_with_continuity_correction_from_25_on() -> None:
    p, name = mcnemar(20, 5)
    assert p == pytest.approx(0.0051102607)  # (|20 - 5| - 1)^2 / 25 = 7.84 on one degree of freedom
    assert "continuity" in name
    assert mcnemar(0, 0)[0] == mcnemar(13, 13)[0] == 1.0
