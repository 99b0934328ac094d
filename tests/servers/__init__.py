"""Loopback servers that tests ask instead of a paid model: one that misbehaves on demand, one that is real."""
