"""Files in, samples out: what a user has becomes what a judge reads, or a problem with its place and remedy."""
