"""Requests that are refused: the status, the field, what is wrong with it and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """Raised on the way to an answer; becomes `{"error": {"field", "problem", "remedy"}}`."""

    def __init__(
        self,
        status: int,
        field: str,
        problem: str,
        remedy: str,
        *,
        headers: Mapping[str, str] | None = None,
        reasons: Sequence[str] | None = None,
    ) -> None:
        super().__init__(problem)
        self.status = status
        self.field, self.problem, self.remedy = field, problem, remedy
        self.headers = dict(headers or {})
        self.reasons = reasons

    def body(self) -> dict[str, object]:
        """As it is sent."""
        word: dict[str, object] = {"field": self.field, "problem": self.problem, "remedy": self.remedy}
        return {"error": word if self.reasons is None else word | {"reasons": list(self.reasons)}}
