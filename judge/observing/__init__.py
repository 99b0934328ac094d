"""Runs seen from outside: their events, their spans and metrics. No verdict depends on it."""
