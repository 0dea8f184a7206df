"""Figures for paper and report, drawn with matplotlib."""
