"""Run in an environment of its own that has irrCAC, pingouin and statsmodels: tables as JSON in, their figures out."""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

Rows = list[list[float | None]]


def main() -> None:
    """Reads [{"rows": …, "codes": …}, …] and prints a list of name -> value, null for what a package cannot compute."""
    warnings.simplefilter("ignore")
    print(json.dumps([figures(given["rows"], given["codes"]) for given in json.load(sys.stdin)]))


def figures(rows: Rows, codes: list[int]) -> dict[str, float]:
    """All that these packages have of one table."""
    whole = all(cell is not None for row in rows for cell in row)
    return by_irrcac(rows, codes) | (by_pingouin(rows) | by_statsmodels(rows, codes) if whole else {})


def by_irrcac(rows: Rows, codes: list[int]) -> dict[str, float]:
    """Fleiss, Conger, AC1 and AC2 with their errors."""
    import pandas as pd
    from irrCAC.raw import CAC

    def made(method: str, weights: str = "identity") -> Any:
        frame = pd.DataFrame(rows, dtype=float)
        return getattr(CAC(frame, weights=weights, categories=[float(c) for c in codes], digits=13), method)()["est"]

    found = {name: made(name)["coefficient_value"] for name in ("fleiss", "conger")}
    for name, weights in (("ac1", "identity"), ("ac2_linear", "linear"), ("ac2_quadratic", "quadratic")):
        found[name] = made("gwet", weights)["coefficient_value"]
        found[f"{name}_error"] = made("gwet", weights)["se"]
    return found


def by_pingouin(rows: Rows) -> dict[str, float]:
    """ICC(2,1) and ICC(2,k), which it calls ICC(A,1) and ICC(A,k)."""
    import pandas as pd
    import pingouin

    cells = [(item, rater, cell) for item, row in enumerate(rows) for rater, cell in enumerate(row)]
    frame = pd.DataFrame(cells, columns=["item", "rater", "label"])
    table = pingouin.intraclass_corr(frame, targets="item", raters="rater", ratings="label").set_index("Type")["ICC"]
    return {"icc_2_1": float(table["ICC(A,1)"]), "icc_2_k": float(table["ICC(A,k)"])}


def by_statsmodels(rows: Rows, codes: list[int]) -> dict[str, float]:
    """Fleiss' kappa, and Cohen's with its weights for the first two raters."""
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

    counts = [[row.count(code) for code in codes] for row in rows]
    square = np.zeros((len(codes), len(codes)))
    for row in rows:
        square[codes.index(row[0]), codes.index(row[1])] += 1  # type: ignore[arg-type]
    weights = {"kappa": None, "kappa_linear": "linear", "kappa_quadratic": "quadratic"}
    found = {name: cohens_kappa(square, wt=wt, return_results=False) for name, wt in weights.items()}
    return {name: float(value) for name, value in found.items()} | {
        "fleiss_complete": float(fleiss_kappa(np.array(counts), method="fleiss"))
    }


if __name__ == "__main__":
    main()
