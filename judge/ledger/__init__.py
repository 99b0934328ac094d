"""The one file that is the truth of a run: inputs, replies, attempts, verdicts."""
