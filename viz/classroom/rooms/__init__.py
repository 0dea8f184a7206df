"""Rooms of the class game: who sits where, what may happen, the journal, and what each may see."""
