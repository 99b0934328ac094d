"""What a round's folder says of itself: every finished step with the digests of its files, written whole after each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import orjson

from ...errors import UsageError
from ...judge import write_whole
from .records import Figure, Round, Stop

MANIFEST = "manifest.json"
VERSION = 1

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Manifest:
    """One round as far as it has come. All but `times` is the same however often the run was killed."""

    round: int
    run: str
    """Digest of what the run was begun with: config, inputs, judge, rubrics."""
    seed: int
    model_in: str
    judge: str
    rubrics: tuple[str, ...]
    policy: str
    recjudge: str
    steps: Mapping[str, Mapping[str, Any]]
    """Finished step to `files` (path in the folder to SHA-256) and `facts`."""
    times: Mapping[str, Any]
    """`began` of the round, and of each step its `began` and `seconds`."""
    model_out: str | None = None
    record: Facts | None = None
    """The `Round`, once all steps are done."""
    version: int = VERSION

    def facts(self, step: str) -> Facts:
        """Of a finished step; nothing of one that was not taken."""
        found: Facts = self.steps.get(step, {}).get("facts", {})
        return found

    def done(self, step: str, files: Mapping[str, str], facts: Facts, times: Facts) -> Manifest:
        """With one more finished step."""
        steps = {**self.steps, step: {"files": dict(sorted(files.items())), "facts": facts}}
        return replace(self, steps=steps, times={**self.times, step: times})


def folder_of(root: Path, number: int) -> Path:
    """`round-001`."""
    return root / f"round-{number:03}"


def read_manifest(folder: Path) -> Manifest | None:
    """None where no step was begun. Raises `UsageError` for one that cannot be read."""
    path = folder / MANIFEST
    remedy = f"put it back as it was, or remove {folder} to make that round again"
    try:
        content = json.loads(path.read_bytes())
        if content["version"] != VERSION:
            raise UsageError(f"{path}: of another version of recjudge; go on with that, or name a new folder")
        return Manifest(**content | {"rubrics": tuple(content["rubrics"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path}: not a manifest ({error}); {remedy}") from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all. Raises `StorageError`."""
    content = orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    write_whole(folder / MANIFEST, content.decode() + "\n")


def verify(folder: Path, manifest: Manifest, steps: Collection[str] = ()) -> None:
    """Raises `UsageError` for a file of a finished step (of `steps`, or any) that is not as it was written."""
    for step in steps or manifest.steps:
        for name, digest in manifest.steps.get(step, {}).get("files", {}).items():
            path = folder / name
            if not path.is_file() or digest_of(path) != digest:
                raise UsageError(
                    f"{path}: is missing or was changed since this round wrote it; put it back as it was, or remove "
                    f"{folder} to make that round again"
                )


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Raises `UsageError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror or error})") from error


def digests(folder: Path, *names: str) -> dict[str, str]:
    """Of files, and of all files in folders, by their path in `folder`."""
    found: dict[str, str] = {}
    for name in names:
        path = folder / name
        files = sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
        found |= {one.relative_to(folder).as_posix(): digest_of(one) for one in files}
    return found


def read_rounds(folder: Path) -> tuple[Round, ...]:
    """The rounds of a folder that are done, in order. Raises `UsageError` where there is none."""
    root = Path(folder)
    found: list[Round] = []
    while (manifest := read_manifest(folder_of(root, len(found)))) is not None and manifest.record is not None:
        found.append(round_of(manifest, folder_of(root, len(found))))
    if not found:
        raise UsageError(f"{root}: holds no finished round; `recjudge round` makes them")
    return tuple(found)


def record_of(made: Round) -> dict[str, Any]:
    """As the manifest holds it: without its place on the disk and its times."""
    content = asdict(made)
    return {name: value for name, value in content.items() if name not in ("folder", "seconds")}


def round_of(manifest: Manifest, folder: Path) -> Round:
    """The record of a finished round."""
    content = dict(manifest.record or {})
    for name in ("quality", "passing", "change", "accepted", "audit", "gap"):
        content[name] = figure_of(content[name])
    content["diversity"] = {name: figure_of(value) for name, value in content["diversity"].items()}
    content["yields"] = {
        by: {name: figure_of(value) for name, value in classes.items()} for by, classes in content["yields"].items()
    }
    content["stopped"] = Stop(**content["stopped"]) if content["stopped"] else None
    seconds = {name: of["seconds"] for name, of in manifest.times.items() if isinstance(of, Mapping)}
    known = {field.name for field in fields(Round)}
    own = {name: value for name, value in content.items() if name in known}
    return Round(**own | {"notes": tuple(content["notes"]), "folder": folder, "seconds": seconds})


def figure_of(content: Any) -> Figure | None:
    """A figure of its JSON."""
    return None if content is None else Figure(**content)
