"""Runs: one world or many, twins, ensembles, and what is written of them."""
