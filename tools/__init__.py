"""Programs for whoever works on the project: what they measure and try is not shipped."""
