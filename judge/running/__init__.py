"""Where judging runs that asks nobody: windows of samples through this process, or through several."""
