"""Units: one row to the Samples and Problems it holds. Straight down: task, fields, output, elements."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ...rubrics import Rubric
from ..records import Sample
from .artefacts import Shaped, decode, gather, infer_task, shape
from .fields import Names, Picked, put
from .formats import Row
from .problems import Fault, Problem, kind_of, quoted
from .strict_json import is_missing, loads, plain


@dataclass(frozen=True)
class SampleSet:
    """A list that a generator wrote at once: its elements as Samples, judged as a set after each was judged alone."""

    id: str
    """The record's id; the elements are `ID#1`, `ID#2`, … by their position in the list."""
    task: str
    elements: tuple[Sample, ...]
    context: Mapping[str, Any] = field(default_factory=dict)
    group: str | None = None
    item: str | None = None
    system: str | None = None
    place: str = ""
    listed: int = 0
    """Elements of the list that are Problems instead."""


Unit = Sample | SampleSet | Problem


class Frame(NamedTuple):
    """All of a record but its output."""

    id: str
    task: str
    context: dict[str, Any]
    group: str | None
    item: str | None
    system: str | None
    meta: dict[str, Any]
    place: str

    def sample(self, shaped: Shaped, number: int | None = None) -> Sample:
        """The record's one sample, or the list's element of that number."""
        context, meta = self.context, self.meta
        if shaped.interest is not None and "interest" not in context:
            context = {**context, "interest": shaped.interest}
        if shaped.extra:
            meta = {**meta, **{f"output.{key}": value for key, value in shaped.extra.items()}}
        name, parent = (self.id, None) if number is None else (f"{self.id}#{number}", self.id)
        sample = Sample.__new__(Sample)  # a frozen dataclass sets its fields one by one, dearly
        sample.__dict__.update(
            id=name, task=self.task, output=shaped.output, context=context, group=self.group, item=self.item,
            system=self.system, meta=meta, parent=parent, place=self.place,
        )  # fmt: skip
        return sample


class Maker:
    """Row to units, with all that is the same for every row of a run."""

    def __init__(self, tasks: Mapping[str, Rubric], task: str | None, paths: Mapping[str, str]) -> None:
        self._tasks = tasks
        self._task = task
        self._paths = paths
        self._unseen = set(paths)
        self._names = {"": Names(paths, (), self._unseen)}
        self._found: dict[str, Rubric | None] = {}
        self.picked = False
        """True once a record was read as far as its fields."""

    @property
    def unseen(self) -> list[str]:
        """Keys and paths of `--map` that no record had yet."""
        return [path for target, path in self._paths.items() if target in self._unseen]

    def units(self, row: Row) -> tuple[int, list[Unit]]:
        """How many units the row is, and what became of them: Samples and Problems, and behind a list its SampleSet."""
        try:
            if row.fault is not None:
                raise row.fault
            if isinstance(row.value, Sample):
                return 1, [self._given(row.value, row.place)]
            return self._record(_object(row), row)
        except Fault as fault:
            return 1, [fault.at(row.place)]

    def _record(self, record: Mapping[str, Any], row: Row) -> tuple[int, list[Unit]]:
        if row.origin.text_cells:
            record = self._cells(record)
        rubric = self._rubric(self._names[""].task(record), record)
        names = self._names_for(rubric)
        picked, output = _split(names, rubric, record)
        self.picked = True
        frame = _frame(picked, rubric, row)
        try:
            output = decode(rubric.artefact, output)
            if isinstance(output, list):
                return _elements(frame, rubric.artefact, output)
            return 1, [frame.sample(shape(rubric.artefact, output))]
        except Fault as fault:
            raise fault.within("output") from None

    def _given(self, sample: Sample, place: str) -> Sample:
        rubric = self._rubric(sample.task or None, {"output": sample.output})
        _label(sample.id, "id")
        if not isinstance(sample.output, (str, Mapping)):
            raise Fault("output", f"is {kind_of(sample.output)}", "give a string or the artefact's fields")
        for name in ("id", "output", "context", "group", "item", "system"):
            plain(getattr(sample, name), name)
        return replace(sample, task=rubric.name, place=sample.place or place)

    def _rubric(self, named: Any, record: Mapping[str, Any]) -> Rubric:
        """The record's own task, else the run's, else what the papers' own keys give away."""
        if named is None:
            named = self._task or self._inferred(record)
        if named is None:
            raise Fault("task", "is missing", f"add 'task' or pass --task; known: {known_tasks(self._tasks)}")
        if not isinstance(named, str):
            raise Fault("task", f"is {kind_of(named)}", f"name one of: {known_tasks(self._tasks)}")
        if named not in self._found:
            if len(self._found) > 1000:  # a column of free text mapped to task
                self._found.clear()
            self._found[named] = find_task(named, self._tasks)
        if (rubric := self._found[named]) is None:
            remedy = f"known: {known_tasks(self._tasks)}; if this key means something else, --map task=KEY"
            raise Fault("task", f"{quoted(named)} is unknown", remedy)
        return rubric

    def _inferred(self, record: Mapping[str, Any]) -> str | None:
        output = self._names[""].pick(record).own.get("output", record)
        try:
            name = infer_task(decode("tag", output))
        except Fault as fault:
            raise fault.within("output") from None
        return name if name in self._tasks else None

    def _cells(self, record: Mapping[str, str]) -> dict[str, Any]:
        """A table's cells are text: an empty one is absent, one that spells JSON is it; outputs stay as written."""
        outputs = {key for key in record if self._names[""].is_output(key)}
        return {key: cell if key in outputs else _cell(cell) for key, cell in record.items() if cell or key in outputs}

    def _names_for(self, rubric: Rubric) -> Names:
        if rubric.name not in self._names:
            self._names[rubric.name] = Names(self._paths, rubric.context, self._unseen)
        return self._names[rubric.name]


def find_task(name: str, tasks: Mapping[str, Rubric]) -> Rubric | None:
    """By name or alias, whatever the case and with spaces or hyphens for underscores."""
    return tasks.get(name) or tasks.get(name.strip().lower().replace("-", "_").replace(" ", "_"))


def known_tasks(tasks: Mapping[str, Rubric]) -> str:
    """For messages: the rubrics' own names."""
    return ", ".join(sorted({rubric.name for rubric in tasks.values()}))


def _object(row: Row) -> Mapping[str, Any]:
    if not isinstance(row.value, Mapping):
        remedy = 'write one object a line: {"id": …, "output": …}'
        if isinstance(row.value, list):
            remedy += "; of a JSON array: jq -c '.[]' FILE"
        raise Fault("", f"is {kind_of(row.value)}, not an object", remedy)
    if not row.origin.python:
        return row.value
    cells = ((plain(str(key)), value) for key, value in row.value.items() if value is None or not is_missing(value))
    return {key: plain(value, key) for key, value in cells}


def _split(names: Names, rubric: Rubric, record: Mapping[str, Any]) -> tuple[Picked, Any]:
    """The record's fields, and its output: from an output key, else the artefact's own keys."""
    picked = names.pick(record)
    if "output" not in picked.own and not names.output_path and (mine := gather(rubric.artefact, record)):
        return names.pick({key: value for key, value in record.items() if key not in mine}), mine
    if "output" not in picked.own:
        has = ", ".join(quoted(key) for key in list(record)[:12]) or "none"
        raise Fault("output", f"is missing (keys found: {has})", _where_else(names, record))
    if (output := picked.own["output"]) is None:
        raise Fault("output", "is null", 'leave the record out, or write "" for a generator that said nothing')
    return picked, output


def _where_else(names: Names, record: Mapping[str, Any]) -> str:
    """The remedy for a record without an output."""
    if path := names.output_path:
        return f"--map output={path} leads nowhere here; give a key, or a path such as messages.-1.content"
    if isinstance(record.get("messages"), list):
        return "to judge a conversation's last message: --map output=messages.-1.content"
    return f"looked for {names.output_keys}; or --map output=KEY"


def _frame(picked: Picked, rubric: Rubric, row: Row) -> Frame:
    own, context = picked.own, _context(picked)
    _readable(context)
    user = _thing(own, context, "user", "profile")
    item = _thing(own, context, "item", "item")
    if "group" in own:
        user = _label(own["group"], "group")
        picked.meta.update({key: own[key] for key in ("user", "user_id") if key in own})
    name = _label(own["id"], "id") if "id" in own else f"{row.origin.shard}row{row.number}"
    system = _label(own["system"], "system") if "system" in own else None
    return Frame(name, rubric.name, context, user, item, system, _meta(picked), row.place)


def _context(picked: Picked) -> dict[str, Any]:
    """What `context` holds, joined with what stood beside it."""
    whole = picked.own.get("context")
    if whole is None:
        return picked.context
    if isinstance(whole, str) and whole.lstrip().startswith("{"):
        whole = _nested(whole, "context")
    if not isinstance(whole, dict):
        remedy = 'give {"history": […], …}; to take it as the source text: --map context.source=context'
        raise Fault("context", f"is {kind_of(whole)}, not an object", remedy)
    context = {name: value for name, value in whole.items() if value is not None}
    for name, value in picked.context.items():
        if context.setdefault(name, value) != value:
            raise Fault(name, "and the same name in 'context' differ", "keep one of the two")
    return context


def _readable(context: Mapping[str, Any]) -> None:
    """A history that no check could read would pass for none at all."""
    history = context.get("history")
    if not isinstance(history, (str, list, tuple, type(None))):
        remedy = "give a list of events (objects or strings), or one string with an event a line"
        if isinstance(history, dict):
            remedy += "; or the list's path: --map context.history=history.KEY"
        raise Fault("context.history", f"is {kind_of(history)}, not a list", remedy)


def _thing(own: Mapping[str, Any], context: dict[str, Any], name: str, slot: str) -> str | None:
    """Whom or what the record is about: an id from `name`, `name_id` or the object, which goes into the context."""
    name_id, labels = _ID_OF[name], {}
    if isinstance(value := own.get(name), dict):
        put(context, slot, value, name)
    elif value is not None:
        labels[name] = _label(value, name)
        if name == "item" and _TITLE.search(labels[name]):
            context.setdefault("item", value)
    if name_id in own:
        labels[name_id] = _label(own[name_id], name_id)
    if (name == "item" or isinstance(value, dict)) and isinstance(thing := context.get(slot), dict):
        for key in ("id", name_id):
            if thing.get(key) is not None:
                labels[f"context.{slot}.{key}"] = _label(thing[key], f"context.{slot}.{key}")
    if len(labels) > 1 and len(set(labels.values())) > 1:
        words = " and ".join(f"{key} {quoted(label)}" for key, label in labels.items())
        raise Fault(name, f"has several ids: {words}", "keep one of them, or rename the other")
    return next(iter(labels.values())) if labels else None


def _label(value: Any, name: str) -> str:
    """An id as a string: opaque, compared as written, never a path."""
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))  # pandas and spreadsheets make 17.0 of 17
    what = "an empty string" if value == "" else f"{kind_of(value)} ({quoted(value)})"
    raise Fault(name, f"is {what}", "give a string or a whole number, or leave it out")


def _meta(picked: Picked) -> dict[str, Any]:
    given = picked.own.get("meta")
    if isinstance(given, dict):
        return {**{f"record.{key}" if key in given else key: value for key, value in picked.meta.items()}, **given}
    return picked.meta if given is None else {**picked.meta, "meta": given}


def _elements(frame: Frame, artefact: str, output: list[Any]) -> tuple[int, list[Unit]]:
    """A Sample or a Problem for each element, then the set of the Samples."""
    if not output:
        raise Fault(
            "", "is an empty list: there is nothing to judge", "leave the record out, or count it as a failed one"
        )
    units: list[Unit] = []
    for number, element in enumerate(output, 1):
        try:
            units.append(frame.sample(shape(artefact, decode(artefact, element)), number))
        except Fault as fault:
            units.append(fault.within(f"output[{number}]").at(frame.place))
    if good := tuple(unit for unit in units if isinstance(unit, Sample)):
        where = (frame.context, frame.group, frame.item, frame.system, frame.place)
        units.append(SampleSet(frame.id, frame.task, good, *where, listed=len(output) - len(good)))
    return len(output), units


def _cell(cell: str) -> Any:
    if cell[:1] not in ("{", "["):
        return cell
    try:
        return loads(cell.encode())
    except Fault:
        return cell


def _nested(text: str, name: str) -> Any:
    try:
        return loads(text.encode())
    except Fault as fault:
        raise fault.within(name) from None


_TITLE = re.compile(r"[^\W\d_]{2}.*\s[^\W\d_]{2}|[\u4e00-\u9fff]{2}")
"""Two words, or two Chinese characters: what no shop uses for an id, and what people write for an item's name."""
_ID_OF = {"user": "user_id", "item": "item_id"}
