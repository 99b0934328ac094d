"""Shares as one bar, and the colours of a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...human_labels import Share
from ...human_labels.agreement import Confusion
from .marks import element, percent, picture, place, whole

if TYPE_CHECKING:
    from markupsafe import Markup

_CIVIDIS = ((253, 253, 245), (238, 224, 140), (188, 175, 111), (124, 123, 120), (66, 78, 107), (0, 34, 78))
"""From light to dark, even in lightness, alike to all kinds of colour vision (after Nuñez et al. 2018)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat map."""

    count: int
    share: float
    """Of its row; NaN in an empty row."""
    colour: str
    ink: str
    same: bool
    """On the diagonal."""


def heat(confusion: Confusion) -> tuple[tuple[Cell, ...], ...]:
    """Cells coloured by their share of the row, with ink that can be read on them."""
    return tuple(
        tuple(_cell(count, sum(row), place == other) for other, count in enumerate(row))
        for place, row in enumerate(confusion.counts)
    )


def label_bar(title: str, counts: Mapping[str, int], signs: Mapping[str, int] | None = None) -> Markup:
    """How often each label was given: by the rubric's signs where known, else from light to dark."""
    total = sum(counts.values())
    pieces: list[Markup] = []
    left = 0.0
    for number_, count in enumerate(counts.values()):
        kind = _kind(list(counts)[number_], number_, len(counts), signs)
        share = count / total if total else 0.0
        pieces.append(element("rect", x=place(left), y=1, width=place(share), height=14, **kind))
        left += share
    words = ", ".join(
        f"{label} {whole(count)} ({percent(count / total if total else None)})" for label, count in counts.items()
    )
    return picture(title, f"{words}; n {whole(total)}", *pieces, width="100%", height=16, class_="strip")


def grade_bar(title: str, shares: Mapping[str, Share]) -> Markup:
    """Grades of the judged, best first, with the interval of the first at its end and of the last at its start."""
    pieces: list[Markup] = []
    left = 0.0
    for grade, share in shares.items():
        width = share.value or 0.0
        pieces.append(element("rect", x=place(left), y=4, width=place(width), height=18, class_=f"g-{grade.lower()}"))
        if width > 0.09:
            pieces.append(
                element("text", percent(width), x=place(left + width / 2), y=17, text_anchor="middle",
                        class_=f"in-{grade.lower()}")
            )  # fmt: skip
        left += width
    ends = list(shares.values())
    if ends and ends[0].value is not None:
        low, high = ends[-1].interval
        pieces += [*_whisker(*ends[0].interval, 28, "superior"), *_whisker(1 - high, 1 - low, 35, "bad")]
    return picture(title, "; ".join(map(share_words, shares.items())), *pieces, width="100%", height=40)


def share_words(pair: tuple[str, Share]) -> str:
    """`Bad 12 of 80, 15 % [9 %, 24 %]`."""
    name, share = pair
    if share.value is None:
        return f"{name} not measured"
    low, high = share.interval
    return f"{name} {whole(share.count)} of {whole(share.n)}, {percent(share.value)} [{percent(low)}, {percent(high)}]"


def _whisker(low: float, high: float, y: int, grade: str) -> Sequence[Markup]:
    ends, kind = (place(low), place(high)), f"whisker of-{grade}"
    return [
        element("line", x1=ends[0], x2=ends[1], y1=y, y2=y, class_=kind),
        *(element("line", x1=x, x2=x, y1=y - 3, y2=y + 3, class_=kind) for x in ends),
    ]


def _kind(label: str, at: int, many: int, signs: Mapping[str, int] | None) -> dict[str, str]:
    if signs is not None:
        names = {-1: "g-bad", 0: "g-average", 1: "g-superior"}
        return {"class_": names.get(signs.get(label, 9), "g-none")}
    return {"fill": _colour(0.08 + 0.84 * at / max(1, many - 1)), "class_": "seam"}


def _cell(count: int, total: int, same: bool) -> Cell:
    share = count / total if total else float("nan")
    colour = _mixed(share if total else 0.0)
    return Cell(count, share, _hex(colour), "#000" if _luminance(colour) > 0.179 else "#fff", same)


def _luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance (WCAG 2); above .179 black reads better than white."""
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _colour(share: float) -> str:
    return _hex(_mixed(share))


def _mixed(share: float) -> tuple[int, int, int]:
    at = min(1.0, max(0.0, share)) * (len(_CIVIDIS) - 1)
    low = min(int(at), len(_CIVIDIS) - 2)
    red, green, blue = (
        round(one + (at - low) * (other - one)) for one, other in zip(_CIVIDIS[low], _CIVIDIS[low + 1], strict=True)
    )
    return red, green, blue


def _hex(colour: tuple[int, int, int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
