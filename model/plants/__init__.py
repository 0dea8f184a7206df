"""Plants: what runs, what is built and where, what closes and comes back."""
