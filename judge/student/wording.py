"""The words a transformer Student reads: the context first, the candidate last: candidates share their start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from ...rubrics import Rubric
from ..context import written_field
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
            f"{name} ({meaning}):\n{text}"
            for name, meaning in self.fields.items()
            if (text := written_field(sample, name))
        ]
        return "\n\n".join([OPENING.replace("{subject}", self.subject), *shown, f"{CLOSING}\n"])

    def candidate(self, sample: Sample) -> str:
        """The artefact: a string as it is, fields as one line of JSON in the order given."""
        if isinstance(sample.output, str):
            return sample.output
        return orjson.dumps(dict(sample.output), option=orjson.OPT_NON_STR_KEYS).decode()
