"""What is read from a world, each quantity once by name: headlines, watches, series."""
