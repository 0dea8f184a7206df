"""The core month written a second time, one plain object per firm."""
