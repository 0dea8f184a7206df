"""Runs of one or many worlds, comparisons of twins, and the results that they give."""
