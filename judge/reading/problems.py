"""What is wrong with one record: where, which field, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A record, or one element of its list, that cannot be judged; listed instead."""

    place: str
    """`outputs.jsonl:17`, or `outputs.parquet:row 17`."""
    field: str
    """`output`, `context.history`, `output[3].tag` (the third element, as in its id `…#3`); empty for a whole line."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        subject = f"'{self.field}' " if self.field else ""
        return _one_line(f"{self.place}: {subject}{self.problem}; {self.remedy}")


class Fault(Exception):
    """A Problem on its way up, before its place is known. Never leaves the readers."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def at(self, place: str) -> Problem:
        return Problem(place, self.field[:200], self.problem, self.remedy)  # a key may be as long as a line

    def within(self, field: str) -> Fault:
        """The same fault, its field seen from one level further out."""
        return Fault(f"{field}{self.field}", self.problem, self.remedy)


def quoted(value: object, limit: int = 60) -> str:
    """A value as a message may show it: one line, printable, cut short."""
    words = repr(value) if len(text := str(value)) <= limit else repr(text[:limit]) + "…"
    return _one_line(words)


def kind_of(value: object) -> str:
    """A value's JSON type in words."""
    names = {
        str: "a string",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return "null" if value is None else names.get(type(value), f"a {type(value).__name__}")


def _one_line(text: str) -> str:
    # field names come from the file: a terminal must not obey what they hold
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
