"""The decision rules of firms and governments, and the columns that hold their state."""
