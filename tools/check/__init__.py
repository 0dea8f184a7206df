"""What tests, fuzz and benchmarks share: what holds of any world, the oracle that it is compared
with, a server and rooms to try.
"""
