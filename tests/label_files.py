"""Label files for tests."""

from __future__ import annotations

from pathlib import Path

LONG = "sample,dimension,annotator,label\n"


def file_of(folder: Path, content: str, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path
