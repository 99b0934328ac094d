"""What a generator is trained on: the prompt of a sample, and the completion as the generator wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ..errors import InputError, UsageError
from ..judge import Sample, written_field
from ..rubrics import Rubric

Message = dict[str, str]
WRITTEN = "written"
"""Key of a sample's `meta`: the generator's own words, before they were read as an artefact."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places in braces: `{subject}`, `{context}` (all fields as a built prompt has them), or a field."""

    text: str
    place: str = "the template"
    """For messages."""


def read_template(path: Path) -> Template:
    """Raises `UsageError` for a file that cannot be read as text, or is empty."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(
            f"{path}: cannot be read ({reason}); give a text file with places such as {{context}}"
        ) from error
    if not text.strip():
        raise UsageError(f"{path}: is empty; write the prompt, with places such as {{context}}")
    return Template(text, str(path))


def prompt_of(sample: Sample, rubric: Rubric, template: Template | None = None) -> tuple[Message, ...]:
    """The messages before the completion; none where nothing is known of what the generator saw.

    The template's text where one is given; else `context.prompt`, a string or a list of messages, as it is; else
    `built`. To a `context.prompt` that is a string, the `source` is added where the rubric names one and the prompt
    does not hold it: without it the completion would teach to invent. Raises `InputError` for a prompt that is neither
    a string nor messages, `UsageError` for a template that names what no sample of this task can have.
    """
    if template is not None:
        return _user(_filled(sample, rubric, template))
    given = sample.context.get("prompt")
    if isinstance(given, str) and given.strip():
        source = sample.context.get("source")
        missing = "source" in rubric.context and isinstance(source, str) and source.strip() and source not in given
        return _user(f"{given}\n\n{_block(sample, rubric, 'source')}" if missing else given)
    if given:
        return _messages(sample, given)
    return _user(built(sample, rubric))


def built(sample: Sample, rubric: Rubric) -> str:
    """`Write SUBJECT.`, then the context fields that the rubric names, in its order, each under its meaning.

    Empty where the sample has none of them.
    """
    fields = _context(sample, rubric)
    return f"Write {rubric.subject}.\n\n{fields}" if fields else ""


def completion_of(sample: Sample) -> str:
    """The artefact: a string as it is, fields as one line of JSON in the order they were given.

    Where `meta.written` holds what the generator wrote, that: a tag that was written bare is not taught as JSON.
    """
    if sample.parent is None and isinstance(written := sample.meta.get(WRITTEN), str):
        return written
    if isinstance(sample.output, str):
        return sample.output
    return orjson.dumps(dict(sample.output), option=orjson.OPT_NON_STR_KEYS).decode()


def plain_prompt(messages: Sequence[Message]) -> str:
    """Messages as one text that a completion can follow: one message bare, several under their roles."""
    if len(messages) == 1:
        text = messages[0]["content"]
    else:
        text = "\n\n".join(f"{message['role']}:\n{message['content']}" for message in messages)
    # trainers join prompt and completion as they are
    return text if text[-1:].isspace() else f"{text}\n\n"


def _user(text: str) -> tuple[Message, ...]:
    return ({"role": "user", "content": text},) if text else ()


def _messages(sample: Sample, given: Any) -> tuple[Message, ...]:
    rows: list[Any] = list(given) if isinstance(given, (list, tuple)) else [None]
    for row in rows:
        if not (isinstance(row, Mapping) and all(isinstance(row.get(key), str) for key in ("role", "content"))):
            raise InputError(
                f'{sample.place or sample.id}: context.prompt: give a string, or messages as {{"role": "user", '
                '"content": "…"}'
            )
    if rows[-1]["role"] == "assistant":
        raise InputError(
            f"{sample.place or sample.id}: context.prompt: ends with a message of the assistant; the completion is its "
            "next one, so end with the user's"
        )
    return tuple({"role": row["role"], "content": row["content"]} for row in rows)


def _context(sample: Sample, rubric: Rubric) -> str:
    return "\n\n".join(block for name in rubric.context if (block := _block(sample, rubric, name)))


def _block(sample: Sample, rubric: Rubric, name: str) -> str:
    text = written_field(sample, name)
    return f"{name} ({rubric.context[name]}):\n{text}" if text else ""


def _filled(sample: Sample, rubric: Rubric, template: Template) -> str:
    """One pass: what is put in is never read as a template. Empty where the sample lacks a field that is named."""
    places = {name: written_field(sample, name) for name in (*rubric.context, *sample.context)}
    places |= {"subject": rubric.subject, "context": _context(sample, rubric)}
    named = set(_PLACE.findall(template.text))
    if unknown := sorted(named - set(places)):
        known = ", ".join(sorted(places))
        raise UsageError(f"{template.place}: {{{unknown[0]}}} is no place for task {sample.task!r}; known: {known}")
    if any(not places[name] for name in named):
        return ""
    return _PLACE.sub(lambda found: places[found[1]], template.text)


_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
