"""The embedded judge: measured text features, no key, no network."""
