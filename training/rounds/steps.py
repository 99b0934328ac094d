"""The steps of a round in their order: each writes its files whole and tells its facts, and knows of no later one."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ...errors import UsageError
from ...judge import Options, Price, Verdict, read_verdicts, score, write_whole
from ..cover import cover_of_folder
from ..export import export
from ..filter import Filtered, filter_rows
from ..folder import AUDIT, write_filtered
from ..rows import Row, joined
from ..selection import STEPS as SELECTIONS
from ..selection import content
from ..writing import write_rows
from . import figures
from .auditing import audited
from .generators import generator_of
from .manifest import digest_of, digests, folder_of
from .programs import filled, ran
from .trainers import LOG, PROMPTS, trainer_of, written_whole
from .work import (
    EVALUATION,
    EVALUATION_VERDICTS,
    FILTERED,
    GENERATED,
    GENERATED_VERDICTS,
    NAME,
    TRAIN,
    LabelsWanted,
    Taken,
    Work,
    label_file,
    located,
    model_out,
    told,
)

if TYPE_CHECKING:
    from .prompts import Rows


def generate(work: Work) -> Taken:
    """k outputs for each training prompt, by the model that came in."""
    rows, k = work.prompts.train, work.config.prompts.samples
    # a label says of which id it speaks: those of another round, or of other rounds, must not pass for this one's
    mark = f"{work.manifest.run[:8]}-{work.manifest.round:03}-"
    facts = _write_outputs(work, rows, k, GENERATED, work.manifest.model_in, work.seed("generate"), mark)
    if not facts["records"]:
        facts["ends"] = f"the generator wrote none of {k * len(rows)} outputs: {commonest(facts['failed'])}"
    return Taken(facts, digests(work.folder, GENERATED))


def judge(work: Work) -> Taken:
    """Verdicts on what was generated; the ledger beside them goes on where a killed run was."""
    return _judged(work, GENERATED, GENERATED_VERDICTS)


def filter(work: Work) -> Taken:
    """The accepted rows, their certificate, and the audit sample, blind."""
    rows = _rows(work, GENERATED, GENERATED_VERDICTS)
    found, n = _filtered(work, rows, 0), work.config.selection.audit
    accepted = _accepted(rows, found)
    facts: dict[str, Any] = {
        "accepted": asdict(figures.accepted_share(rows, {id(row) for row in accepted})),
        "yields": _plain(figures.yields(rows, accepted, figures.yield_fields(work.config))),
        "kept": 0, "bad_expected": None, "bad_bound": None, "audit": [],
    }  # fmt: skip
    distinct = len({content(row) for row in accepted})
    if distinct <= (n or 1):
        words = f"an audit of {n or 1} leaves nothing of {distinct} distinct accepted rows"
        none = f"none of {len(rows)} accepted" if rows else f"none of {work.manifest.facts('generate')['records']} read"
        return Taken(facts | {"ends": f"{words} of {len(rows)}" if accepted else none}, {})
    found = _filtered(work, rows, n)
    write_filtered(found, work.folder / FILTERED)
    bad = found.certificate.bad or {}
    facts |= {
        "kept": len(found.kept),
        "bad_expected": bad.get("expected_kept"),
        "bad_bound": bad.get("bound_kept"),
        "audit": [row.sample.id for row in found.audit.rows],
    }
    least = work.config.stop.rows
    if len(found.kept) < least:
        facts["ends"] = f"{len(found.kept)} rows kept of {len(rows)}, asked are at least {least}"
    return Taken(facts, digests(work.folder, FILTERED))


def export_rows(work: Work) -> Taken:
    """The trainer's rows; the prompts themselves for a trainer that generates."""
    format, target = work.config.trainer.data_format, work.folder / TRAIN
    if format == PROMPTS:
        write_rows(work.prompts.train, target)
        return Taken({"rows": len(work.prompts.train), "left_out": {}}, digests(work.folder, TRAIN))
    found = export(
        _rows(work, GENERATED, GENERATED_VERDICTS), format, rubrics=work.tasks, form=work.config.form,
        cover=cover_of_folder(work.folder / FILTERED, now=work.began), template=work.template,
    )  # fmt: skip
    write_rows(found.rows, target)
    facts: dict[str, Any] = {"rows": len(found.rows), "left_out": dict(found.left_out)}
    if len(found.rows) < work.config.stop.rows:
        words = f"{len(found.rows)} rows of format {format} from {found.samples} outputs"
        facts["ends"] = f"{words} ({commonest(found.left_out)}), asked are at least {work.config.stop.rows}"
    return Taken(facts, digests(work.folder, TRAIN))


def train(work: Work) -> Taken:
    """The next model."""
    # the last part of a folder's name is the system of its outputs
    out = work.folder / f"model-{work.manifest.round:03}"
    trainer = trainer_of(work.config.training, judge=work.judge, template=work.template)
    model = trainer.train(located(work, work.manifest.model_in), work.folder / TRAIN, out, seed=work.seed("train"))
    files = digests(work.folder, out.name) if out.is_dir() else {}
    if (name := out / NAME).is_file():
        model = name.read_text("utf-8").strip()
    return Taken({"model": told(work.root, model), "cut": _cut(out / LOG)}, files)


def _cut(log: Path) -> int | None:
    """Rows that the trainer says it cut; None where it says nothing."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        cut = orjson.loads(log.read_bytes())["cut"]
        return cut if isinstance(cut, int) else None
    return None


def answer(work: Work) -> Taken:
    """The evaluation prompts answered by the round's model, with one seed in all rounds."""
    model = model_out(work.manifest)
    k, seed = work.config.prompts.evaluation_samples, work.seed("evaluation", 0)
    facts = _write_outputs(work, work.prompts.evaluation, k, EVALUATION, model, seed)
    return Taken(facts, digests(work.folder, EVALUATION))


def evaluate(work: Work) -> Taken:
    """The judge's word on the answers, beside round 0's."""
    judged = _judged(work, EVALUATION, EVALUATION_VERDICTS)
    verdicts = _verdicts(work.folder / EVALUATION_VERDICTS)
    texts = [verdict.text for verdict in verdicts]
    start = folder_of(work.root, 0) / EVALUATION_VERDICTS
    change = figures.change(_verdicts(start), verdicts) if work.manifest.round else None
    more = {
        "quality": asdict(figures.quality(verdicts)),
        "passing": asdict(figures.passing(verdicts)),
        "change": asdict(change) if change else None,
        "diversity": {name: asdict(of) for name, of in figures.diversity(texts, work.config.round.seed).items()},
    }
    return Taken({**judged.facts, **more}, judged.files)


def audit(work: Work) -> Taken:
    """People's word on the audit sample, where they have said it. Raises `LabelsWanted` where they must."""
    labels, drawn = label_file(work.config, work.manifest.round), work.manifest.facts("filter")["audit"]
    sample = work.folder / FILTERED / AUDIT
    if labels is None or not drawn:
        return Taken({"labels": None}, {})
    if not labels.exists() and work.config.audit.command:
        _labelled(work, sample, labels)
    if not labels.exists():
        if work.config.audit.wait:
            raise LabelsWanted(
                f"round {work.manifest.round} waits for labels of {len(drawn)} rows: label {sample} (`recjudge labels "
                f"export` makes the sheets) and save them as {labels}; the same command then goes on"
            )
        return Taken({"labels": None}, {})
    found = audited(
        labels, drawn, _verdicts(work.folder / GENERATED_VERDICTS), list(work.judge.rubrics.values()),
        work.config.audit, policy=work.policy, now=work.began,
    )  # fmt: skip
    return Taken({"labels": digest_of(labels), **found.facts()}, {})


def _labelled(work: Work, sample: Path, labels: Path) -> None:
    """The audit's command writes into a folder of its own, so that one that was cut off leaves no half a label file."""

    def run(folder: Path) -> None:
        target, number = folder / labels.name, f"{work.manifest.round:03}"
        ran(
            filled(work.config.labelling, audit=sample, labels=target, round=number),
            timeout=work.config.audit.timeout,
        )
        if not target.is_file():
            raise UsageError(
                f"{labels}: the audit's command did not write it; have it write the labels into {{labels}}"
            )

    made = written_whole(labels.with_name(f".{labels.name}.made"), run)
    Path(made, labels.name).replace(labels)
    shutil.rmtree(made, ignore_errors=True)


def _write_outputs(work: Work, rows: Rows, k: int, name: str, model: str, seed: int, mark: str = "") -> dict[str, Any]:
    """Batch by batch, each whole, so that a killed run asks again for one batch at most; ids begin with `mark`."""
    made = generator_of(
        work.config.generating, located(work, model) or None, rubrics=work.judge.rubrics, template=work.template
    )
    parts, size = work.folder / f".{name}.batches", work.config.prompts.batch
    records: list[Any] = []
    failed = Counter[str]()
    for number, start in enumerate(range(0, len(rows), size)):
        part = parts / f"{number:05}.json"
        if not part.exists():
            written = made.generate(rows[start : start + size], k=k, seed=seed + number)
            own = [_named(one, mark) for one in written]
            lost = Counter(failure.reason for failure in made.failures)
            write_whole(part, orjson.dumps({"records": own, "failed": lost}).decode())
        batch = orjson.loads(part.read_bytes())
        records += batch["records"]
        failed.update(batch["failed"])
    write_rows(records, work.folder / name)
    shutil.rmtree(parts, ignore_errors=True)
    return {"records": len(records), "failed": dict(sorted(failed.items())), "system": made.name}


def _named(record: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """Outputs of one prompt are one group: they are never independent, for the certificate and the audit neither."""
    id = str(record["id"])
    return {"group": figures.prompt_of_id(id), **record, "id": f"{mark}{id}"}


def _judged(work: Work, source: str, out: str) -> Taken:
    if not (work.folder / source).read_bytes():
        write_whole(work.folder / out, "")
        return Taken({"grades": figures.grades_of(()), "unreadable": 0}, digests(work.folder, out))
    own = work.config.judge
    options = Options(
        concurrency=own.concurrency, attempts=own.attempts, deadline=own.deadline,
        price=Price(*own.price) if own.price else None, max_cost=own.max_cost, skip_invalid=True,
    )  # fmt: skip
    done = score(work.folder / source, work.judge, out=work.folder / out, options=options, watch=work.watch)
    if not done.complete:
        raise KeyboardInterrupt
    verdicts, unreadable = _verdicts(work.folder / out), len(done.problems)
    facts = {"grades": figures.grades_of(verdicts, unreadable), "unreadable": unreadable}
    return Taken(facts, digests(work.folder, out))


def _filtered(work: Work, rows: Sequence[Row], audit: int | None) -> Filtered:
    options = replace(work.config.selection, audit=audit, seed=work.seed("filter"))
    return filter_rows(rows, work.policy, options=options, now=work.began, recjudge=version("recjudge"))


def _accepted(rows: Sequence[Row], found: Filtered) -> list[Row]:
    """What the policy accepted, whether it was then kept or not."""
    refused = {id(left.row) for left in found.left_out if left.step not in SELECTIONS}
    return [row for row in rows if id(row) not in refused]


def _rows(work: Work, source: str, verdicts: str) -> list[Row]:
    return list(joined(read_verdicts(work.folder / verdicts), work.folder / source, tasks=work.tasks))


def _verdicts(path: Path) -> list[Verdict]:
    return [verdict for verdict in read_verdicts(path) if verdict.kind == "sample"]


def _plain(found: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {by: {name: asdict(of) for name, of in classes.items()} for by, classes in found.items()}


def commonest(counts: Mapping[str, int]) -> str:
    """The commonest reasons, in words."""
    return "; ".join(f"{reason}: {n}" for reason, n in Counter(counts).most_common(3)) or "no reason given"


STEPS: Mapping[str, Callable[[Work], Taken]] = {
    "generate": generate,
    "judge": judge,
    "filter": filter,
    "export": export_rows,
    "train": train,
    "answer": answer,
    "evaluate": evaluate,
    "audit": audit,
}
AT_FIRST = ("answer", "evaluate")
"""The steps of round 0."""
