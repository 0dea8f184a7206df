"""History matching: which parameter vectors the record to December 2025 does not rule out."""
