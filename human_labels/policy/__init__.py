"""The line to act on, with its evidence, or a refusal."""
