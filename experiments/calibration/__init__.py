"""Calibration: parameter vectors drawn from what the record to December 2025 leaves."""
