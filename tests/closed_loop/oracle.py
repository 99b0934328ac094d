"""The truth in the place of people: labels for the rows of an audit sample, or of any file of outputs.

`python oracle.py ROWS LABELS` reads JSON lines with `id`, `output` and `context.interest`, and writes a label file.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import world


def is_good(row: Mapping[str, Any]) -> bool:
    """Whether the tag of a row is good for its user."""
    output = row["output"]
    tag = output if isinstance(output, str) else output["tag"]
    first, second = row["context"]["interest"].split(" and ")
    return world.good(tag, (first, second))


def label(rows: Path, labels: Path, round: str = "") -> None:
    """One grade a row: Superior where it is good, else Bad."""
    with labels.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["sample", "dimension", "annotator", "role", "round", "label"])
        for line in rows.read_text().splitlines():
            row = json.loads(line)
            word = "Superior" if is_good(row) else "Bad"
            table.writerow([row["id"], "grade", "oracle", "expert", round, word])


if __name__ == "__main__":
    label(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
