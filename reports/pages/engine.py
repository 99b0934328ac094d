"""The template engine: all that a template prints is made visible and escaped; templates come from this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..figures import beside, coverage, differing, light, sound
from . import bars, curves, lines, marks, strips

if TYPE_CHECKING:
    from jinja2 import Environment


def render(template: str, **values: Any) -> str:
    """A template filled in; texts from outside enter as values only."""
    return engine().get_template(template).render(**values)


@cache
def engine() -> Environment:
    """Autoescape on, undefined names an error, no file outside this folder."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": marks.number,
        "percent": marks.percent,
        "whole": marks.whole,
        "chance": marks.chance,
        "cut": marks.cut,
        "method": marks.method,
    }
    made.globals |= {
        "span": marks.span,
        "beside": beside,
        "coverage": coverage,
        "differing": differing,
        "light": light,
        "sound": sound,
        "heat": bars.heat,
        "label_bar": bars.label_bar,
        "grade_bar": bars.grade_bar,
        "share_words": bars.share_words,
        "reliability": curves.reliability,
        "precision_yield": curves.precision_yield,
        "kept_curve": curves.kept_curve,
        "line_chart": lines.line_chart,
        "said": lines.said,
        "bounds": lines.bounds,
        "axis_of": strips.axis_of,
        "axis_picture": strips.axis_picture,
        "strip_picture": strips.strip_picture,
        "key_picture": strips.key_picture,
        "kinds": strips.kinds,
    }
    return made


def _seen(value: Any) -> Any:
    """What a template prints: markup made here as it is, all else as visible text, which is escaped after this."""
    from markupsafe import Markup

    return value if isinstance(value, Markup) else marks.visible(value)
