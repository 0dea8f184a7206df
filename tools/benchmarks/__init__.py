"""Speed, size and load, measured: each module is a program that prints its table."""
