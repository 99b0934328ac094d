"""Labels in and out: long and wide tables, JSONL, Label Studio."""
