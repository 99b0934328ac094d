"""What a table of coefficients says in one plain sentence, and the flag when they contradict each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..numerals import short

HIGH_RAW = 0.8
HIGH_AC = 0.6
LOW = 0.4
APART = 0.3
"""Least difference of two coefficients that is called a contradiction."""

_FAMILIES = (
    (("raw_agreement", "ac1", "pabak"), ("kappa", "fleiss", "conger", "alpha_nominal", "mcc")),
    (("ac2_linear",), ("kappa_linear",)),
    (("ac2_quadratic",), ("alpha_ordinal", "kappa_quadratic", "alpha_interval")),
)
"""Coefficients that count coincidence beside those that ask for more, with the same distance between labels."""
_DISCRIMINATE = (
    "alpha_ordinal", "alpha_nominal", "alpha_interval", "kappa", "kappa_quadratic", "kappa_linear", "fleiss", "conger",
    "mcc",
)  # fmt: skip
_SHORT = {
    "raw_agreement": "raw agreement", "ac1": "AC1", "ac2_linear": "AC2 (linear)", "ac2_quadratic": "AC2 (quadratic)",
    "pabak": "PABAK", "alpha_nominal": "alpha (nominal)", "alpha_ordinal": "alpha (ordinal)",
    "alpha_interval": "alpha (interval)", "kappa": "kappa", "kappa_linear": "kappa (linear)",
    "kappa_quadratic": "kappa (quadratic)", "fleiss": "Fleiss' kappa", "conger": "Conger's kappa", "mcc": "MCC",
}  # fmt: skip


def paradox(values: Mapping[str, float], prevalence: float | None = None) -> str | None:
    """The flag when labels coincide and chance-corrected coefficients are low or undefined; None when nothing diverges.

    `values` has coefficients by their names in `METRICS`, `prevalence` the share of the commonest label (or of passes).
    Like is held against like: AC1 against kappa, quadratic AC2 against ordinal alpha and quadratic kappa.
    High is raw agreement >= .8 or another of AC1, AC2, PABAK >= .6; low is < .4, and at least .3 below
    (Feinstein and Cicchetti 1990, J Clin Epidemiol 43:543-549, on the paradox; the lines are this project's own).
    """
    found = [flag for family in _FAMILIES if (flag := _diverging(values, prevalence, *family))]
    return found[0] if found else None


def _diverging(
    values: Mapping[str, float], prevalence: float | None, coincide: Sequence[str], discriminate: Sequence[str]
) -> str | None:
    """The flag of one family, whose coefficients take the same labels to be equally far apart."""
    high = _high(values, coincide)
    if high is None:
        return None
    undefined = [name for name in discriminate if name in values and math.isnan(values[name])]
    low = [name for name in discriminate if values.get(name, math.nan) < LOW]
    if low:
        worst = min(low, key=lambda name: values[name])
        if values[high] - values[worst] < APART:
            return None
        return (
            f"Paradox: {_SHORT[high]} is {short(values[high])} but {_SHORT[worst]} {short(values[worst])}. The "
            f"labels coincide, but do not discriminate{_because(prevalence)}: neither figure alone may be quoted."
        )
    if undefined:
        return (
            f"Paradox: {_SHORT[high]} is {short(values[high])} but {_SHORT[undefined[0]]} is undefined: a rater "
            f"gives one and the same label{_because(prevalence)}, so nothing shows that the labels tell items apart."
        )
    return None


def sentence(values: Mapping[str, float], prevalence: float | None = None) -> str:
    """One plain sentence on what a table of coefficients means; the flag of `paradox` where it is raised."""
    flag = paradox(values, prevalence)
    if flag is not None:
        return flag
    leading = next((name for name in _DISCRIMINATE if not math.isnan(values.get(name, math.nan))), None)
    if leading is None:
        return order_sentence(values) or "No coefficient is defined on these labels: too few items, or no variation."
    value = values[leading]
    shown = f"{_SHORT[leading]} {short(value)}"
    if value < 0:
        return f"They agree less than shuffled labels would ({shown}): look for a reversed or shifted scale."
    if value < LOW:
        return f"They agree little beyond chance ({shown}): a single label says little of the item."
    if value < 2 / 3:
        return f"They agree in part ({shown}): fit for means over many items, not for single ones."
    if value < 0.8:
        return f"They agree well enough for tentative conclusions ({shown})."
    return f"They agree, and the labels tell items apart ({shown})."


def order_sentence(values: Mapping[str, float]) -> str | None:
    """Where order agrees better than level, or is all there is; None without a rank correlation.

    Compares Spearman's rho with Lin's concordance, or else quadratic kappa, at least .3 below.
    """
    rho = values.get("spearman", math.nan)
    if math.isnan(rho):
        return None
    levels = [(name, values[name]) for name in ("ccc", "kappa_quadratic") if not math.isnan(values.get(name, math.nan))]
    if levels and rho - levels[0][1] >= APART:
        name = {"ccc": "Lin's concordance", "kappa_quadratic": "kappa (quadratic)"}[levels[0][0]]
        away = values.get("bias", math.nan)
        shift = "" if math.isnan(away) else f"; the mean difference is {away:+.2f} points"
        return (
            f"They put items into a like order (rho {short(rho)}), but not on the same level "
            f"({name} {short(levels[0][1])}){shift}."
        )
    return f"They put items into {_order(rho)} (rho {short(rho)})."


def _order(rho: float) -> str:
    if rho < 0:
        return "an opposite order"
    return "much the same order" if rho >= 0.7 else "a partly like order" if rho >= LOW else "hardly related orders"


def _high(values: Mapping[str, float], coincide: Sequence[str]) -> str | None:
    """The first coefficient of mere coincidence that is high."""
    for name in coincide:
        if values.get(name, math.nan) >= (HIGH_RAW if name == "raw_agreement" else HIGH_AC):
            return name
    return None


def _because(prevalence: float | None) -> str:
    if prevalence is None or math.isnan(prevalence):
        return ""
    return (
        f" (one label is {max(prevalence, 1 - prevalence):.0%} of all)"
        if prevalence >= 0.5
        else (f" (prevalence {prevalence:.0%})")
    )
