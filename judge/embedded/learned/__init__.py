"""The learned embedded judge: features that show why, times weights that people's labels taught."""
