"""Small pieces of a page: text made visible, elements of SVG, numbers as people write them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

_EMOJI = "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_HIDDEN = re.compile(
    # a joiner between two emoji makes one picture of them and hides nothing
    rf"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_METHODS = {"bca": "BCa", "t": "t, clusters", "wilson": "Wilson", "none": "none", "percentile": "percentile"}


def visible(text: object) -> str:
    """Text from outside with control, bidi and zero-width characters written out: `⟨U+202E⟩`."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", str(text).replace("\r\n", "\n").replace("\r", "\n"))


def element(name: str, *children: object, **attributes: object) -> Markup:
    """An element; every text and attribute that is no Markup is escaped. `stroke_width` is written `stroke-width`."""
    from markupsafe import Markup, escape

    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(child if isinstance(child, Markup) else escape(visible(child)) for child in children)
    return Markup(f"<{name}{pairs}>{inner}</{name}>")  # noqa: S704 - all its parts were escaped above


def picture(title: str, words: str, *children: object, **attributes: object) -> Markup:
    """An SVG that says in words what it shows: `title`, `desc`, and both as its label."""
    alike = {"role": "img", "aria_label": f"{title}. {words}"} | attributes
    return element("svg", element("title", title), element("desc", words), *children, **alike)


def number(value: float | None, digits: int = 2) -> str:
    """`.62`, as coefficients are written, with a true minus sign; `n/a` where there is none."""
    if value is None or math.isnan(value):
        return "n/a"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    sign = "−" if value < 0 and float(text) else ""
    return sign + text.removeprefix("-").removeprefix("0" if digits else "")


def notch(value: float) -> str:
    """A number beside an axis: `0`, `.25`, `1`."""
    text = number(value)
    return "0" if value == 0 else text.rstrip("0").rstrip(".")


def span(low: float, high: float, digits: int = 2) -> str:
    """`[.55, .68]`; nothing where there are no bounds."""
    return "" if math.isnan(low) or math.isnan(high) else f"[{number(low, digits)}, {number(high, digits)}]"


def percent(share: float | None, digits: int = 0) -> str:
    """`62%`; a share that is neither none nor all is never written as either."""
    if share is None or math.isnan(share):
        return "n/a"
    shown = f"{100 * share:.{digits}f}"
    if 1e-9 < share < 1 - 1e-9 and float(shown) in (0.0, 100.0):
        return f"<{10**-digits:g}%" if share < 0.5 else f">{100 - 10**-digits:g}%"
    return f"{shown}%"


def whole(count: int) -> str:
    """`12,600`."""
    return f"{count:,}"


def chance(p: float) -> str:
    """A p-value: `.031`, `< .001`."""
    return "n/a" if math.isnan(p) else "< .001" if p < 0.001 else number(p, 3)


def method(name: str) -> str:
    """How an interval was made, as the field calls it."""
    return _METHODS.get(name, name)


def cut(text: str, most: int = 4000) -> str:
    """A long text's beginning, and how long it is."""
    return text if len(text) <= most else f"{text[:most]} … ({whole(len(text))} characters)"


def place(share: float) -> str:
    """A position as a percentage of the picture's width."""
    return f"{100 * share:.2f}%"


def _attribute(value: object) -> str:
    from markupsafe import escape

    return str(escape(visible(value)))
