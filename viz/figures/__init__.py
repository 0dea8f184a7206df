"""Figures for paper and report, drawn with matplotlib.

Their names are known without it (`by_name.py`): whoever draws asks for it first, in one line.
"""
