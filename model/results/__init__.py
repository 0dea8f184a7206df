"""What a run leaves: records, tables, events, chains."""
