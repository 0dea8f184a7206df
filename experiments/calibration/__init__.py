"""History matching: which parameter vectors the record to December 2024 does not rule out."""
