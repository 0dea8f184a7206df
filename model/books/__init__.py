"""Who pays whom, and what a month leaves on record."""
