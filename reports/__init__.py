"""What people read."""

from .agreement import print_agreement
from .comparing import Shown, comparison_json, comparison_lines, comparison_tables, ranking_json, ranking_table
from .estimating import ESTIMATE_COLUMNS, estimate_json, estimate_lines, estimate_rows, label_plan_rows
from .pages import agreement_page, agreement_sections, rounds_page, run_page
from .progress import progress_bar
from .render import cost_line, plan_rows, print_line, print_problems, print_summary, print_table, rubric_lines, safe
from .running import status_rows
from .scoring import Summary, TaskSummary, as_json, failed_gate, summarise
from .showing import as_record, calls_of, find_verdict, show_lines
from .written import agreement_json, agreement_markdown, figure_json

__all__ = [
    "ESTIMATE_COLUMNS",
    "Shown",
    "Summary",
    "TaskSummary",
    "agreement_json",
    "agreement_markdown",
    "agreement_page",
    "agreement_sections",
    "as_json",
    "as_record",
    "calls_of",
    "comparison_json",
    "comparison_lines",
    "comparison_tables",
    "cost_line",
    "estimate_json",
    "estimate_lines",
    "estimate_rows",
    "failed_gate",
    "figure_json",
    "find_verdict",
    "label_plan_rows",
    "plan_rows",
    "print_agreement",
    "print_line",
    "print_problems",
    "print_summary",
    "print_table",
    "progress_bar",
    "ranking_json",
    "ranking_table",
    "rounds_page",
    "rubric_lines",
    "run_page",
    "safe",
    "show_lines",
    "status_rows",
    "summarise",
]
