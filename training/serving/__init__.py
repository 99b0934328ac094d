"""The judge over HTTP: rewards and verdicts, a batch at a time. It trains nothing and knows no trainer."""
