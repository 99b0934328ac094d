"""What no single sample can show: lists, groups and items with several artefacts."""
