"""Training rows on disk: JSON lines, Parquet, or a `datasets` folder; whole or not at all, the same rows in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ..errors import InputError, StorageError, UsageError
from ..judge import whole, write_whole
from .whole_folder import whole_folder

Lines = Sequence[Mapping[str, Any]]


def write_rows(lines: Lines, out: Path, to: str = "jsonl") -> Path:
    """Writes rows in a format of `WRITERS`. Raises `UsageError` for an unknown one, `StorageError`."""
    if to not in WRITERS:
        raise UsageError(f"--to {to}: known: {', '.join(WRITERS)}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{out.parent}: cannot be made a folder ({error.strerror or error}); name another file with -o"
        ) from error
    return WRITERS[to](lines, out)


def write_jsonl(lines: Lines, out: Path) -> Path:
    """One row a line; equal rows give equal bytes."""
    return write_whole(out, "".join(orjson.dumps(line).decode() + "\n" for line in lines))


def write_parquet(lines: Lines, out: Path) -> Path:
    """One row a row; messages as lists of structs."""
    import pyarrow
    import pyarrow.parquet

    with whole(out) as temporary:
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(lines)), temporary)
    return out


def write_datasets(lines: Lines, out: Path) -> Path:
    """A folder for `datasets.load_from_disk`.

    Takes the place of one that was written before, and of nothing else. Raises `InputError` for no rows.
    """
    import datasets

    if not lines:
        raise InputError(f"{out}: no rows, and a datasets folder cannot say of what kind they are; use --to jsonl")

    def write(into: Path) -> None:
        with silent():
            datasets.Dataset.from_list([dict(line) for line in lines]).save_to_disk(str(into))

    whole_folder(out, write, may_replace=_a_datasets_folder)
    return out


def _a_datasets_folder(out: Path) -> None:
    if out.exists() and not (out / "dataset_info.json").exists():
        raise UsageError(f"{out}: is there and is no datasets folder; name another with -o")


@contextmanager
def silent() -> Iterator[None]:
    """No progress bars in the terminal of who asked for a file."""
    import datasets

    before = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if not before:
            datasets.enable_progress_bars()


WRITERS: Mapping[str, Callable[[Lines, Path], Path]] = {
    "jsonl": write_jsonl,
    "parquet": write_parquet,
    "datasets": write_datasets,
}
SUFFIXES = {"jsonl": ".jsonl", "parquet": ".parquet", "datasets": ""}
"""What a file or folder of each is called when no name is given."""
