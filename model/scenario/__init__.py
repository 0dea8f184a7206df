"""Scenarios and their events: what may be written, read and checked."""
