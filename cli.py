"""The door: puts the commands together and turns errors into exit codes. Every command calls a public function."""

from __future__ import annotations

import signal
import sys

import typer

from .commands import (
    acting,
    agreeing,
    comparing,
    distilling,
    estimating,
    exporting,
    filtering,
    judging,
    labels,
    observing,
    reporting,
    rounds,
    rubrics,
    selftesting,
    serving,
    shuffling,
    stressing,
)
from .commands.printing import tell
from .errors import RecjudgeError

app = typer.Typer(
    name="recjudge",
    help="Judges what language models write for recommenders: intents, item tags, explanations, texts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    judging.score,
    judging.plan,
    judging.show,
    observing.status,
    reporting.report,
    agreeing.agree,
    acting.calibrate,
    acting.milestone,
    estimating.estimate,
    comparing.compare,
    filtering.filter,
    exporting.export,
    shuffling.negatives,
    distilling.distill,
    serving.serve,
    rounds.round,
    stressing.stress,
    selftesting.selftest,
):
    app.command()(command)
app.add_typer(labels.app, name="labels")
app.add_typer(rubrics.app, name="rubrics")


def main(arguments: list[str] | None = None) -> int:
    """Runs the command line; returns its exit code: 0, 1 (gate), 2 (input), 3 (account), 4 (provider), 74, 75, 130."""
    if arguments is None:
        signal.signal(signal.SIGINT, lambda number, _: sys.exit(128 + number))
    try:
        app(arguments)
    except RecjudgeError as error:
        tell(str(error))
        return error.exit_code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
