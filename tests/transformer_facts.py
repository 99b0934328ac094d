"""Run in an environment with torch: what a transformer Student is held to, on tiny random models, CPU alone.

`python transformer_facts.py SITE`: SITE is the site-packages that have recjudge; prints JSON: fact to failure, or "".
"""

from __future__ import annotations

import json
import site
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import transformer_network
import transformer_training

FACTS: dict[str, Callable[[Path], None]] = {
    name: found
    for module in (transformer_network, transformer_training)
    for name, found in vars(module).items()
    if getattr(found, "__module__", "") == module.__name__ and list(found.__annotations__) == ["folder", "return"]
}


def main(wanted: list[str]) -> None:
    import torch

    torch.set_num_threads(1)
    told = {}
    for name, fact in FACTS.items():
        if wanted and name not in wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            try:
                fact(Path(folder))
                told[name] = ""
            except Exception:
                told[name] = traceback.format_exc()[-1500:]
            sys.stderr.write(f"{time.perf_counter() - began:.1f} s {name}\n")
    print(json.dumps(told))


if __name__ == "__main__":
    site.addsitedir(sys.argv[1])
    main(sys.argv[2:])
