"""Figures, reports and the browser pages, drawn from finished results only."""
