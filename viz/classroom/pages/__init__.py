"""Pages of the class game: the entry, one for each place of a room, the wall, and their jobs."""
