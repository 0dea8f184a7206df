"""What is read from a world month by month, without its tables: headlines, watches, series."""
