"""recjudge: rubric-driven judges for what language models write inside recommenders."""
