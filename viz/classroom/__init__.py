"""Rooms of the class game: who sits where, what may happen, and the journal on the disk."""
