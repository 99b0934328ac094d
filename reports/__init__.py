"""What people read."""

from .comparing import Shown, comparison_json, comparison_lines, comparison_tables, ranking_json, ranking_table
from .progress import progress_bar
from .render import cost_line, plan_rows, print_problems, print_summary, print_table, rubric_lines, safe
from .scoring import Summary, TaskSummary, as_json, failed_gate, summarise
from .showing import as_record, calls_of, find_verdict, show_lines

__all__ = [
    "Shown",
    "Summary",
    "TaskSummary",
    "as_json",
    "as_record",
    "calls_of",
    "comparison_json",
    "comparison_lines",
    "comparison_tables",
    "cost_line",
    "failed_gate",
    "find_verdict",
    "plan_rows",
    "print_problems",
    "print_summary",
    "print_table",
    "progress_bar",
    "ranking_json",
    "ranking_table",
    "rubric_lines",
    "safe",
    "show_lines",
    "summarise",
]
