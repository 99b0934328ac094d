"""Coefficients against irrCAC, pingouin and statsmodels, which pin versions of their own and so get their own place."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
from recjudge.human_labels import Table, figure_sums, scale_of
from recjudge.human_labels.coefficients.raters import ac_error

PEERS = ("irrCAC==0.4.4", "pingouin==0.6.1", "statsmodels==0.15.0", "pandas<3", "coverage<7")
"""irrCAC pins scipy 1.12.0 and needs pandas below 3 and coverage below 7 at run time."""
ERRORS = {"ac1_error": "identity", "ac2_linear_error": "linear", "ac2_quadratic_error": "quadratic"}


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the peers; skips when they cannot be installed."""
    home = tmp_path_factory.mktemp("peers")
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PEERS], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"the peers cannot be installed on Python {sys.version_info[:2]}: {done.stderr.strip()[-300:]}")
    return python


def random_table(seed: int) -> Table:
    """20 to 60 items, 2 to 5 raters; every second table has missing cells, none an empty item or a silent rater."""
    random = np.random.default_rng(seed)
    items, raters, q = random.integers(20, 60), random.integers(2, 6), random.integers(2, 6)
    truth = random.integers(1, q + 1, items)
    values = np.clip(truth[:, None] + random.integers(-1, 2, (items, raters)), 1, q).astype(float)
    if seed % 2:
        gone = random.random(values.shape) < 0.2
        gone[np.arange(items), random.integers(0, raters, items)] = False
        values[gone] = math.nan
    return Table(tuple(map(str, range(items))), tuple("ABCDE"[:raters]), values, scale_of(f"ordinal:1..{q}"))


def ours(name: str, table: Table) -> float:
    """Our value of a figure that a peer names."""
    if name in ERRORS:
        return ac_error(table, ERRORS[name])
    if name.startswith("kappa"):
        return figure_sums(table.columns([0, 1]), name).value
    return figure_sums(table, name.removesuffix("_complete")).value


@pytest.mark.slow
def test_twenty_random_tables_have_the_peers_values(peers: Path) -> None:
    made = [random_table(seed) for seed in range(20)]
    rows = [[[None if math.isnan(cell) else cell for cell in row] for row in of.values.tolist()] for of in made]
    asked = [{"rows": of, "codes": [int(code) for code in t.codes]} for of, t in zip(rows, made, strict=True)]
    script = Path(__file__).with_name("oracle_peers.py")
    done = subprocess.run([peers, script], input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert sum(map(len, found)) == 10 * 8 + 10 * 14
    for table, figures in zip(made, found, strict=True):
        for name, value in figures.items():
            assert ours(name, table) == pytest.approx(value, abs=1e-9), name
