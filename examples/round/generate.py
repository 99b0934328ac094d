"""A generator of a few lines: its model is a list of phrasings with weights, and it fills one in for each output.

Reads a prompt a line, writes an output a line; `python generate.py MODEL`.
"""

import json
import random
import sys
from pathlib import Path

phrasings = json.loads((Path(sys.argv[1]) / "phrasings.json").read_text())
for line in sys.stdin:
    row = json.loads(line)
    for number in range(row["k"]):
        draw = random.Random(f"{row['seed']} {row['id']} {number}")
        [phrasing] = draw.choices(list(phrasings), list(phrasings.values()))
        words = phrasing.format(interest=row["context"]["interest"], **row["context"]["item"])
        print(json.dumps({"id": row["id"], "output": words[0].upper() + words[1:]}))
