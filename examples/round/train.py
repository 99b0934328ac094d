"""A trainer of a few lines: a phrasing weighs more for every row to learn from that was made with it.

`python train.py MODEL ROWS OUT`; a row has `prompt` and `completion`.
"""

import json
import re
import sys
from pathlib import Path

model, data, out = map(Path, sys.argv[1:4])
weights = json.loads((model / "phrasings.json").read_text())
shapes = {name: re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(name)), re.IGNORECASE) for name in weights}
for line in data.read_text().splitlines():
    said = json.loads(line)["completion"][0]["content"]
    for name, shape in shapes.items():
        weights[name] += 0.2 * bool(shape.fullmatch(said))
(out / "phrasings.json").write_text(json.dumps(weights, indent=2) + "\n")
