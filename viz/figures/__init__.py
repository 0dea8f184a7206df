"""Figures for paper and report, drawn with matplotlib."""

from coercivity.model.basis.extras import needed

needed("matplotlib", "plot")
