"""The words a transformer Student reads: the context first, the candidate last: candidates share their start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ...rubrics import Rubric
from ..context import events, fields_of
from ..records import Sample

VERSION = 1
"""Goes up when any word below changes: weights trained on the old ones are refused."""
OPENING = "How good is {subject}?"
CLOSING = "To be judged:"


@dataclass(frozen=True, slots=True)
class Wording:
    """What a task's samples are called, and which fields of their context are shown, in order."""

    subject: str
    fields: Mapping[str, str]
    """Name to meaning, as the rubric has them; nothing else of a sample is shown."""

    @classmethod
    def of(cls, rubric: Rubric) -> Wording:
        """As the rubric says."""
        return cls(rubric.subject, dict(rubric.context))

    def context(self, sample: Sample) -> str:
        """All that comes before the candidate; equal for samples of one context, letter by letter."""
        shown = [
            f"{name} ({meaning}):\n{text}" for name, meaning in self.fields.items() if (text := _value(sample, name))
        ]
        return "\n\n".join([OPENING.replace("{subject}", self.subject), *shown, f"{CLOSING}\n"])

    def candidate(self, sample: Sample) -> str:
        """The artefact: a string as it is, fields as one line of JSON in the order given."""
        if isinstance(sample.output, str):
            return sample.output
        return orjson.dumps(dict(sample.output), option=orjson.OPT_NON_STR_KEYS).decode()


def _value(sample: Sample, name: str) -> str:
    value: Any = sample.context.get(name)
    if name == "history" and (found := events(sample)):
        return "\n".join(
            " ".join(part for part in (event.id, str(event.when or ""), event.action, event.text) if part)
            for event in found
        )
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {text}" for key, text in fields_of(value).items())
    if isinstance(value, (list, tuple)):
        return "\n".join(", ".join(fields_of(part).values()) for part in value)
    return "" if value is None else str(value)
