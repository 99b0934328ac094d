"""Commands of one's own as generator and trainer: JSON lines in, JSON lines out, no shell, and the exit code counts."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from ...errors import InputError, UsageError
from ...rubrics import Rubric
from ..prompting import Template
from .generators import Failure, GeneratorSettings, named
from .prompted import Asked, read_prompts

_SHOWN = 600


class Program:
    """A command that reads rows of prompts from its standard input and writes outputs to its standard output.

    In, a line a prompt: `{"id", "task", "messages", "context", "k", "seed"}`. Out, a line an output, in any order:
    `{"id": of the prompt, "output": string or object}`, or `"error": "why"` in the place of the output.
    """

    def __init__(self, settings: GeneratorSettings, rubrics: Mapping[str, Rubric], template: Template | None) -> None:
        self.settings, self.rubrics, self.template = settings, rubrics, template
        self.name = named(settings)
        self.failures: list[Failure] = []

    def generate(self, prompts: Sequence[Mapping[str, Any]], *, k: int, seed: int) -> Iterator[dict[str, Any]]:
        """Records in the order in which the command wrote them.

        Raises `UsageError` for a command that cannot be run or fails, `InputError` for a line that is no output.
        """
        self.failures = []
        asked = {one.id: one for one in read_prompts(prompts, self.rubrics, self.template)}
        if not asked:
            return
        lines = b"".join(orjson.dumps(_line(one, k, seed)) + b"\n" for one in asked.values())
        words = filled(self.settings.command, model=self.settings.model or "", k=k, seed=seed)
        written, given = Counter[str](), Counter[str]()
        for place, line in enumerate(ran(words, lines, self.settings.timeout).splitlines(), 1):
            if not line.strip():
                continue
            one, answer = _read(line, f"{words[0]}: line {place} of its output", asked)
            given[one.id] += 1
            if given[one.id] > k:
                raise InputError(f"{words[0]}: line {place} of its output: more than {k} outputs for {one.id!r}")
            if "error" in answer:
                self.failures.append(Failure(one.id, str(answer["error"])))
                continue
            yield one.of(written[one.id], answer["output"], self.name)
            written[one.id] += 1
        self.failures += [
            Failure(one.id, "the command wrote no line for it")
            for one in asked.values()
            for _ in range(k - given[one.id])
        ]


def filled(command: Sequence[str], **values: Any) -> list[str]:
    """The words of a command with `{name}` replaced in one pass; other braces stay."""
    import re

    return [re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), word) for word in command]


def ran(words: Sequence[str], given: bytes = b"", timeout: float | None = None) -> bytes:
    """Its standard output. Raises `UsageError` with the end of its standard error where it fails or takes too long."""
    shown = " ".join(words)[:200]
    with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        into.write(given)
        into.seek(0)
        try:
            process = subprocess.Popen(words, stdin=into, stdout=out, stderr=err, start_new_session=True)  # noqa: S603
        except OSError as error:
            raise UsageError(f"{shown}: cannot be run ({error.strerror or error}); mend the command") from error
        try:
            code = process.wait(timeout)
        except BaseException as error:
            # whatever ends the wait ends the command and all that it started
            _ended(process)
            if isinstance(error, subprocess.TimeoutExpired):
                raise UsageError(f"{shown}: not done within {timeout:g} s; raise timeout or mend the command") from None
            raise
        if code:
            raise UsageError(f"{shown}: ended with {code}: {_tail(err)}; mend the command")
        out.seek(0)
        return out.read()


def _ended(process: subprocess.Popen[bytes]) -> None:
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # it ended by itself meanwhile
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _tail(file: Any) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _SHOWN))
    said: str = file.read().decode("utf-8", "replace").strip()
    return said or "it said nothing on standard error"


def _line(one: Asked, k: int, seed: int) -> dict[str, Any]:
    return {"id": one.id, "messages": list(one.messages), "k": k, "seed": seed, **one.record}


def _read(line: bytes, place: str, asked: Mapping[str, Asked]) -> tuple[Asked, dict[str, Any]]:
    try:
        answer = orjson.loads(line)
    except ValueError as error:
        raise InputError(f"{place}: not JSON ({error}); write one object a line") from None
    if not isinstance(answer, dict) or str(answer.get("id")) not in asked:
        raise InputError(f"{place}: id: none of the prompts' ids; write the id of the prompt that was answered")
    if "error" not in answer and not isinstance(answer.get("output"), (str, dict, list)):
        raise InputError(f"{place}: output: give a string or an object, or error with the reason why there is none")
    _writable(answer.get("output"), f"{place}: output")
    return asked[str(answer["id"])], answer


def _writable(output: Any, place: str) -> None:
    try:
        orjson.dumps(output)
    except TypeError as error:  # what can be read as JSON is refused again for its depth alone
        raise InputError(f"{place}: cannot be written ({error}); nest it less") from None


def is_folder(path: Path) -> bool:
    """A folder that holds something."""
    return path.is_dir() and any(path.iterdir())
