"""A matplotlib Figure that shows itself in a notebook."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure


class NotebookFigure(Figure):
    """A Figure as any other that pyplot has never heard of. A notebook asks it for a picture, once;
    where matplotlib's own way of showing figures is set up, that one is taken.
    """

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()
