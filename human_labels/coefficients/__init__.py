"""Agreement coefficients, one family a file; `METRICS` names them all."""
