"""What figures mean, in sentences: each names its numbers, and none says more than its interval does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..coefficients.paradox import paradox
from ..intervals import FEW, Interval
from ..numerals import short
from ..pairing import Pairing
from ..records import Table
from ..validity.alt_test import AltTest
from .human import PeopleSide
from .report import Figure, Section, Side
from .selective import Selective
from .settings import Settings

FEW_UNJUDGED = 0.05
"""Above this share, an alt-test that losing the unjudged would turn is not decided."""
ONE_RATER = "One rater: there is no ceiling, so nothing here says that a judge is as good as people."
LEVELS = {
    "stands": "may stand in for an annotator",
    "below": "below people",
    "at": "at the level of people",
    "open": "not decided",
    "none": "without a ceiling",
}


def headline(sections: Sequence[Section], judges: Sequence[str]) -> str:
    """The sentence a manager needs: on how much of what was labelled the judge stands at people's level."""
    if not sections:
        return "Nothing was labelled."
    if not judges:
        return " ".join(_people_line(section) for section in sections[:3]) + (
            f" … and {len(sections) - 3} more." if len(sections) > 3 else ""
        )
    counts = Counter(level(section) for section in sections)
    parts = [f"{LEVELS[key]} on {count}" for key in LEVELS if (count := counts[key])]
    who = f"The judge {judges[0]}" if len(judges) == 1 else f"{len(judges)} judges"
    items = max(section.n for section in sections)
    asked = len({(section.task, section.dimension, section.role) for section in sections})
    times = f", {len(sections)} comparisons" if len(sections) > asked else ""
    told = f"{who}, held against people on {_many(asked, 'dimension')} (up to {_many(items, 'sample')}{times}): "
    return told + "; ".join(parts) + "."


def level(section: Section) -> str:
    """`stands` where the alt-test is passed; else `at` people's level, `below` it, `open` or `none`, by the ceiling."""
    tested = section.alt_test
    if tested is not None and tested.passed and section.people is not None:
        unjudged = sum(section.unjudged.values())
        return "open" if tested.lost < 0.5 and unjudged > FEW_UNJUDGED * section.n else "stands"
    ratio = next((figure for figure in section.ceilings if figure.name == "of_ceiling"), None)
    if ratio is None or ratio.interval.low != ratio.interval.low:
        return "none" if section.people is None or section.alt_test is None else "open"
    if ratio.interval.high < 1:
        return "below"
    return "at" if ratio.interval.low >= 1 else "open"


def human_sentences(table: Table, side: PeopleSide) -> tuple[str, ...]:
    """What people's figures mean."""
    if side.side is None:
        return (ONE_RATER,)
    return tuple(word for word in (_paradox(side.side), _ceiling(side.ceilings), _people_meaning(side.side)) if word)


def judge_sentences(
    pairing: Pairing,
    judge: Side,
    people: PeopleSide,
    ratios: Sequence[Figure],
    tested: AltTest | None,
    using: Settings,
) -> tuple[str, ...]:
    """What the judge's figures mean beside people's, warnings first."""
    lines = [
        _few(pairing, using),
        _paradox(judge),
        _unjudged(pairing, judge),
        "" if pairing.comparable else _other_scale(pairing),
        _ceiling(people.ceilings) if people.side is not None else ONE_RATER,
        _ratio(ratios),
        _tested(tested),
        _clusters(pairing, judge),
    ]
    return tuple(line for line in lines if line)


def selective_sentences(found: Selective | None) -> tuple[str, ...]:
    """Whether abstaining where the judge is least sure raises its agreement, with what is left at half of the items."""
    if found is None:
        return ()
    half, whole = found.at(0.5), found.kept[-1]
    start = {
        "rises": "Agreement rises as the judge abstains where it is least sure",
        "falls": "Agreement does not rise with abstention: the judge is not to be believed about where it is sure",
        "open": "Whether agreement rises as the judge abstains where it is least sure is not decided",
    }[found.rises]
    fall = f"; it surely falls on the way to {', '.join(f'{one:.0%}' for one in found.falls)}" if found.falls else ""
    kept = f" and {told(half.agreement)} on the surest {half.coverage:.0%}" if half is not whole else ""
    return (
        f"{start}{fall}: {told(whole.agreement)} of all {found.n:,} judged{kept}; area under risk and coverage (AURC) "
        f"{told(found.area)}, {told(found.gain)} better than abstaining by lot.",
    )


def told(interval: Interval) -> str:
    """`.62 [.51, .70]`."""
    return f"{short(interval.value)} [{short(interval.low)}, {short(interval.high)}]"


def _people_line(section: Section) -> str:
    if section.people is None:
        return f"{section.name}: one rater."
    for name in ("alpha_ordinal", "alpha_nominal", "alpha_interval"):
        figure = section.people.figure(name)
        if figure is not None:
            return (
                f"{section.name}: people agree at alpha {told(figure.interval)} on {_many(figure.interval.n, 'item')}."
            )
    return f"{section.name}: {_many(section.n, 'item')}."


def _people_meaning(side: Side) -> str:
    alpha = next((figure for figure in side.figures if figure.name.startswith("alpha_")), None)
    if alpha is None or alpha.interval.value != alpha.interval.value:
        return ""
    low = alpha.interval.low
    if low >= 0.8:
        return "Alpha lies above .8 with its whole interval: conclusions can rest on these labels (Krippendorff)."
    if alpha.interval.high < 0.667:
        return (
            "Alpha lies below .667 with its whole interval: too little agreement for firm conclusions (Krippendorff)."
        )
    return "Alpha's interval touches the range in which conclusions stay tentative (.667 to .8, Krippendorff)."


def _paradox(side: Side) -> str:
    values = {figure.name: figure.interval.value for figure in side.figures}
    return paradox(values, values.get("prevalence", float("nan"))) or ""


def _few(pairing: Pairing, using: Settings) -> str:
    if pairing.n >= using.few:
        return ""
    return f"Only {_many(pairing.n, 'labelled item')}: too few to act on; no line can be calibrated from them."


def _unjudged(pairing: Pairing, judge: Side) -> str:
    missing = sum(pairing.unjudged.values())
    if not missing:
        return ""
    reasons = ", ".join(f"{count} {status}" for status, count in sorted(pairing.unjudged.items()))
    line = f"{missing} of {pairing.n} labelled items are unjudged ({reasons}); coverage {pairing.coverage:.0%}."
    line += f" People's figures are over all {pairing.n}, the judge's over {int(pairing.judged.sum())}."
    accuracy = judge.bounds.get("accuracy")
    if accuracy:
        line += f" Had they been judged, accuracy would lie between {short(accuracy[0])} and {short(accuracy[1])}."
    return line


def _other_scale(pairing: Pairing) -> str:
    return (
        f"People label on {pairing.people.scale}, the judge on its rubric's scale: only ranks are compared, and passes "
        "where they are named (--passing)."
    )


def _ceiling(figures: Sequence[Figure]) -> str:
    loo = next((figure for figure in figures if figure.name == "ceiling_loo"), None)
    if loo is None or loo.interval.value != loo.interval.value:
        return ""
    return f"One rater against the others reaches {told(loo.interval)}: that is the ceiling."


def _ratio(figures: Sequence[Figure]) -> str:
    ratio = next((figure for figure in figures if figure.name == "of_ceiling"), None)
    if ratio is None or ratio.interval.value != ratio.interval.value:
        return ""
    value, low, high = ratio.interval.value, ratio.interval.low, ratio.interval.high
    if low != low:
        return f"The judge reaches {value:.0%} of that ceiling; no interval can be given."
    return f"The judge reaches {value:.0%} of that ceiling [{low:.0%}, {high:.0%}]."


def _tested(tested: AltTest | None) -> str:
    if tested is None:
        return ""
    if tested.passed is None:
        return f"The alt-test could not be held: {tested.note}."
    verdict = f"{'may' if tested.passed else 'may not'} stand in for {tested.place}"
    return (
        f"Alt-test at epsilon {tested.epsilon:g}: winning rate {short(tested.winning_rate)}, so that the judge "
        f"{verdict}; advantage probability {told(tested.advantage)}."
    )


def _clusters(pairing: Pairing, judge: Side) -> str:
    count = len(set(pairing.clusters))
    if count == pairing.n:
        return ""
    measured = (one for one in judge.figures if one.interval.design_effect == one.interval.design_effect)
    first = next(measured, None)
    effect = f" (design effect {first.interval.design_effect:.1f} on {first.title})" if first else ""
    small = f"; below {FEW} clusters intervals are Student's t" if count < FEW else ""
    return (
        f"The {pairing.n} items come from {_many(count, 'cluster')}, and intervals draw whole clusters{effect}{small}."
    )


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
