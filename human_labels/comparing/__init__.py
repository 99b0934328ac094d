"""Two systems or two judges on the same samples."""
