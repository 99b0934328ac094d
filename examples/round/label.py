"""Plays the people of an audit, so that the example needs none: `python label.py AUDIT LABELS`.

They pass what names the item, and one in ten they look at with another eye than the judge.
"""

import csv
import json
import random
import sys
from pathlib import Path

audit, labels = map(Path, sys.argv[1:3])
with labels.open("w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["sample", "dimension", "annotator", "label"])
    for line in audit.read_text().splitlines():
        row = json.loads(line)
        fine = row["context"]["item"]["title"] in row["output"] and random.Random(row["output"]).random() < 0.9
        table.writerow([row["id"], "grade", "ann", "Superior" if fine else "Bad"])
