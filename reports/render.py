"""Reports on a terminal and for machines; outside text passes one printer that lets no control byte through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from .scoring import Summary, TaskSummary

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from ..judge import Plan, Problem, Spread, Totals
    from ..rubrics import Rubric

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_GRADES = {"Superior": "green", "Average": "yellow", "Bad": "red"}
_GLUE = "\ue000"
"""Stands for a space that must not break: rich breaks lines at every kind of space, no-break ones too."""
_READABLE = 16
"""Least width of a column that is broken."""
_RIMS = 3
"""What a column's rim takes at most."""
_SIGNS = {-1: "red", 0: "yellow", 1: "green"}


def safe(text: object, limit: int | None = None) -> str:
    """Text from outside, on one line where a limit is given, without bytes a terminal would obey."""
    clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))
    if limit is None:
        return clean
    clean = " ".join(clean.split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def print_summary(console: Console, summary: Summary) -> None:
    """Grades, dimensions, failure codes, sets, unjudged, the worst samples."""
    _print(console, _grade_table("Grades", summary.tasks))
    for name, task in sorted(summary.tasks.items()):
        _print(console, _dimension_table(name, task))
    if summary.sets:
        _print(console, _grade_table("Sets", summary.sets))
        _print(console, _metric_table(summary))
        _print_worst_sets(console, summary)
    if summary.unjudged:
        parts = ", ".join(f"{count} {status}" for status, count in summary.unjudged.most_common())
        _print(console, _line(f"Unjudged, in none of the shares above: {parts}", "yellow"))
    if summary.said:
        parts = "; ".join(f"{safe(judge)} {count}" for judge, count in summary.said.most_common())
        _print(console, _line(f"Whose word it is: {parts}"))
    for flag, count in summary.flags.most_common():
        _print(console, _line(f"Flag on {count}: {safe(flag)}", "yellow"))
    _print_worst(console, summary)


def print_problems(console: Console, problems: Sequence[Problem], most: int = 20) -> None:
    """What could not be read, each with its place and remedy."""
    if problems:
        console.print(_line(f"Listed, not judged: {len(problems)}", "yellow"))
    for problem in problems[:most]:
        console.print(_line(f"  {safe(problem)}"))
    if len(problems) > most:
        console.print(_line(f"  … and {len(problems) - most} more"))


def plan_rows(plan: Plan) -> list[tuple[str, str, str]]:
    """The plan as rows: what, at least, at most."""
    low, high = plan.low, plan.high

    def dollars(usd: float | None) -> str:
        return "give --price" if usd is None else f"${usd:.4f}"

    waves = [("waves", f"{low.waves}", f"{high.waves}"), ("batches", f"{low.batches}", f"{high.batches}")]
    return [
        ("judge", plan.judge, ""),
        ("samples", f"{plan.samples}", f"{plan.samples}"),
        ("findings that cost no call", f"{plan.settled} of {plan.findings}", ""),
        ("calls", f"{low.calls}", f"{high.calls}"),
        ("replies in the store already", f"{low.cached}", f"{high.cached}"),
        ("tokens in", f"{low.tokens_in}", f"{high.tokens_in}"),
        ("  of them sent before at a prompt's beginning", f"{low.tokens_shared}", f"{high.tokens_shared}"),
        ("tokens out", f"{low.tokens_out}", f"{high.tokens_out}"),
        *([] if low.waves is None else waves),
        ("cost", dollars(low.usd), dollars(high.usd)),
        ("  with a cache that serves what was sent before", dollars(low.usd_cached), dollars(high.usd_cached)),
    ]


def rubric_lines(rubric: Rubric) -> Iterator[str]:
    """A rubric as a person reads it."""
    yield f"{rubric.id}  {rubric.title}"
    yield f"  source   {rubric.source}"
    rule = rubric.review
    yield f"  review   {rule.defects} defect is Bad; {rule.rule}, {rule.threshold:.0%} positive makes Superior"
    for dimension in rubric.dimensions:
        veto = ", veto" if dimension.veto else ""
        yield f"\n{dimension.name} (weight {dimension.weight:g}{veto}): {dimension.question}"
        for point in dimension.scale:
            yield f"  {'+' if point.polarity > 0 else '-' if point.polarity else '0'} {point.label}: {point.words}"
        for code, words in dimension.codes.items():
            yield f"    {code}: {words}"
        yield f"  steps: {', '.join(step.name for step in dimension.steps)}"
    for limit in rubric.sets:
        side = f"above {limit.above:g}" if limit.above is not None else f"below {limit.below:g}"
        yield f"\nset of several: {limit.metric} {side} is {limit.code}: {limit.words}"


def print_table(console: Console, title: str, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """A plain table of outside text. Where the window is narrow, the widest column alone is broken, if that will do."""
    table = _table(title, *columns)
    cells = [[_line(safe(cell)) for cell in row] for row in rows]
    for row in cells:
        table.add_row(*row)
    widths = [max([len(str(name)), *(row[at].cell_len for row in cells)]) for at, name in enumerate(columns)]
    widest = widths.index(max(widths)) if widths else 0
    if sum(widths) - max(widths, default=0) + _READABLE + _RIMS * len(widths) <= console.width:
        for at, column in enumerate(table.columns):
            column.no_wrap = at != widest
    _print(console, table)


def print_line(console: Console, text: str, style: str = "", indent: int = 0) -> None:
    """A line of outside text; `indent` holds where it goes on in a second line."""
    from rich.padding import Padding

    _print(console, Padding(_line(safe(text), style), (0, 0, 0, indent)))


def unbroken(text: str) -> str:
    """Text that a narrow column keeps on one line."""
    return text.replace(" ", _GLUE)


def cost_line(totals: Totals) -> str:
    """The run's bill in one line, failed requests included."""
    usd = "no price given" if totals.usd is None else f"${totals.usd:.4f}"
    return (
        f"{totals.attempts} requests, {totals.calls} whole replies, {totals.tokens_in} tokens in "
        f"({totals.tokens_cached} from the provider's cache), {totals.tokens_out} out, {usd}"
    )


def _grade_table(title: str, tasks: Mapping[str, TaskSummary]) -> Table:
    table = _table(title, "task", "n", *_GRADES, "unjudged")
    for name, task in sorted(tasks.items()):
        cells = [_line(_share(task, grade), style) for grade, style in _GRADES.items()]
        table.add_row(_line(name), _line(str(task.judged)), *cells, _line(str(task.planned - task.judged)))
    table.caption = _line("share of the judged, with its 95 % Wilson interval")
    return table


def _share(task: TaskSummary, grade: str) -> str:
    share = task.share(grade)
    if share.value is None:
        return "not measured"
    low, high = share.interval
    return f"{unbroken(f'{share.count} = {share.value:.0%}')} {unbroken(f'[{low:.0%}, {high:.0%}]')}"


def _dimension_table(name: str, task: TaskSummary) -> Table:
    table = _table(name, "dimension", "labels", "failure codes")
    for dimension, labels in task.labels.items():
        signs = task.polarity.get(dimension, {})
        ordered = sorted(labels.items(), key=lambda pair: (signs.get(pair[0], 9), -pair[1]))
        codes = [unbroken(f"{code} {count}") for (dim, code), count in task.codes.most_common() if dim == dimension]
        table.add_row(_line(dimension), _labels(ordered, signs), _line(", ".join(codes)))
    return table


def _metric_table(summary: Summary) -> Table:
    tasks = sorted(summary.set_metrics)
    table = _table("Set diversity", "metric", *tasks)
    for name in sorted({name for metrics in summary.set_metrics.values() for name in metrics}):
        table.add_row(_line(name), *(_line(_middle(summary.set_metrics[task].get(name))) for task in tasks))
    table.caption = _line("median [least, most] over the sets where it is defined, and their number")
    return table


def _middle(values: Spread | None) -> str:
    if values is None:
        return "not measured"
    return f"{values.median:.2f} {unbroken(f'[{values.least:.2f}, {values.most:.2f}]')} {values.n}"


def _labels(ordered: list[tuple[str, int]], signs: Mapping[str, int]) -> Text:
    from rich.text import Text

    text = Text()
    for label, count in ordered:
        text.append(unbroken(f"{label} {count}") + "  ", style=_SIGNS.get(signs.get(label, 9), "dim"))
    return text


def _print_worst_sets(console: Console, summary: Summary) -> None:
    if summary.set_findings:
        _print(console, _line("Worst sets", "bold"))
    before = ""
    for name, found in summary.set_findings:
        if name != before:
            _print(console, _line(f"  {safe(name, 60)}", "red"))
        print_line(console, safe(found.reason, 300), indent=6)
        before = name


def _print_worst(console: Console, summary: Summary) -> None:
    if summary.worst:
        _print(console, _line("Worst samples", "bold"))
    for verdict in summary.worst:
        _print(console, _line(f"  {safe(verdict.id, 40)}  {safe(verdict.text, 70)!r}", "red"))
        for found in verdict.findings:
            if found.polarity == -1:
                code = f" ({found.code})" if found.code else ""
                print_line(console, f"{found.dimension}{code}: {safe(found.reason, 160)}", indent=6)


def _print(console: Console, what: RenderableType) -> None:
    """Prints without the spaces that fill a table's lines, which a pipe or a pasted page would keep."""
    with console.capture() as captured:
        console.print(what)
    text = captured.get().replace(_GLUE, " ")
    console.file.write("".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1]))


def _table(title: str, *columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=_line(title, "bold"), title_justify="left", box=SIMPLE_HEAD, caption_justify="left")
    for number, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if column == "n" else "left"
        table.add_column(column, justify=justify, overflow="fold", no_wrap=number == 0)
    return table


def _line(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)
