"""The command that turns verdicts into training rows: export."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from .filtering import Fields, Source, Task, rows_of
from .labelled import Asked, Role, Rubrics, Rule, VerdictFile
from .printing import Json, print_json, print_rows
from .sealing import look

if TYPE_CHECKING:
    from ..judge import Grade
    from ..training import Cover, Exported, Row

Format = Annotated[
    str, typer.Option("--format", "-f", help="sft, prompt-completion, dpo, kto, listwise, reward or grpo (prompts).")
]


def export(
    verdicts: VerdictFile,
    format: Format,
    to: Annotated[str, typer.Option("--to", help="jsonl, parquet or datasets (a folder).")] = "jsonl",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File or folder; default VERDICTS.FORMAT.jsonl.")
    ] = None,
    filtered: Annotated[Path | None, typer.Option(help="The folder that `recjudge filter` wrote.")] = None,
    policy: Annotated[Path | None, typer.Option(help="Take what this policy accepts.")] = None,
    uncertified: Annotated[
        bool, typer.Option("--uncertified", help="Nothing vouches for the rows; each of them says so.")
    ] = False,
    source: Source = None,
    task: Task = None,
    map_: Fields = None,
    rubric: Rubrics = None,
    conversational: Annotated[bool, typer.Option("--conversational/--plain", help="Messages, or strings.")] = True,
    template: Annotated[
        Path | None, typer.Option("--prompt-template", help="A text with {subject}, {context} or {FIELD}.")
    ] = None,
    margin: Annotated[float | None, typer.Option(help="dpo: least difference of quality in a pair.")] = None,
    pairs: Annotated[int, typer.Option(min=0, help="dpo: most pairs a context, widest first; 0: all.")] = 4,
    labels: Annotated[
        Path | None, typer.Option("--labels", "-l", help="People's grades, taken before the judge's.")
    ] = None,
    role: Role = None,
    people: Rule = "majority",
    json: Json = False,
) -> None:
    """Write training rows: SFT, DPO, KTO, GRPO, listwise, rewards."""
    from ..training import SUFFIXES, Form, read_template, source_of, write_rows
    from ..training import export as run

    if to not in SUFFIXES:
        raise UsageError(f"--to {to}: known: {', '.join(SUFFIXES)}")
    asked = Asked(role=role, files=rubric)
    rows = rows_of(verdicts, source_of(verdicts, source), asked, task, map_)
    graded, said = _people(labels, rows, asked, people)
    form = Form(conversational, margin, pairs or None, uncertified)
    found = run(
        rows, format, rubrics={one.name: one for one in asked.rubrics}, form=form, cover=_cover(filtered, policy),
        people=graded, template=read_template(template) if template else None,
    )  # fmt: skip
    target = out or verdicts.with_name(f"{verdicts.name.removesuffix('.jsonl')}.{format}{SUFFIXES[to]}")
    spares(target, (verdicts, labels, policy, template, judged(verdicts, source, rows)), filtered)
    written = write_rows(found.rows, target, to)
    if json:
        counts = {"samples": found.samples, "rows": len(found.rows), "left_out": found.left_out}
        print_json({"file": str(written), "format": format, "to": to, "labels": said or None} | counts)
        return
    print_exported(found, written, said)


def print_exported(found: Exported, written: Path, said: str = "") -> None:
    """How many rows out of how many samples, and what is not among them and why."""
    sys.stdout.write(f"labels: {said}\n" if said else "")
    if found.left_out:
        print_rows("Left out", ("reason", "n"), list(found.left_out.items()))
    if any("uncertified" in (row.get("policy"), row.get("chosen_policy")) for row in found.rows):
        sys.stdout.write("note: rows marked uncertified: no policy vouches for them\n")
    sys.stdout.write(f"wrote {written}: {len(found.rows)} rows out of {found.samples} samples\n")


def judged(verdicts: Path, source: str | None, rows: Sequence[Row]) -> Path | None:
    """The file that was judged: as named, else beside the verdicts."""
    if source is not None or not rows:
        return Path(source) if source else None
    return verdicts.parent / rows[0].verdict.place.rpartition(":")[0]


def spares(target: Path, read: Sequence[Path | None], folder: Path | None) -> None:
    """Nothing that is read is written over, and nothing is put into a folder that a certificate stands for."""
    own = target.resolve()
    if own in {path.resolve() for path in read if path}:
        raise UsageError(f"{target}: is what is read; name another file with -o")
    if folder and folder.resolve() in (own, *own.parents):
        raise UsageError(f"{target}: would stand in the certified folder {folder}; name another file with -o")


def _cover(filtered: Path | None, policy: Path | None) -> Cover | None:
    from ..human_labels import read_policy
    from ..training import cover_of_folder, cover_of_policy

    if filtered and policy:
        raise UsageError("--filtered rests on a policy of its own; leave out --policy")
    if filtered:
        return cover_of_folder(filtered, now=datetime.now(UTC))
    return cover_of_policy(read_policy(policy), now=datetime.now(UTC)) if policy else None


def _people(labels: Path | None, rows: Sequence[Row], asked: Asked, rule: str) -> tuple[dict[str, Grade], str]:
    """People's grades by sample, none of a sealed label: what is trained on can test nothing any more."""
    from ..training import cluster_of, grades_by_people

    if labels is None:
        return {}, ""
    grades = grades_by_people(asked.labels(labels).of_one_role(asked.role), rule)
    clusters = {row.sample.id: cluster_of(row.verdict) for row in rows}
    looked = look(labels, clusters, "export")
    kept = {id: grade for id, grade in grades.items() if id in clusters and looked.holds(clusters[id])}
    words = f"{len(kept)} samples graded by people" + ("; sealed labels stay sealed" if looked.seal else "")
    return kept, words
