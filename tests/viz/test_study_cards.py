"""A sensitivity analysis in a notebook: its figures by name, and its card."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coercivity.experiments.sensitivity.analysis import OutcomeSensitivity
from coercivity.experiments.sensitivity.corner import Condition, Corner, CornerBound
from coercivity.experiments.sensitivity.indices import Index, Indices
from coercivity.experiments.sensitivity.sample import Sample
from coercivity.experiments.sensitivity.tornado import Swing, Tornado
from coercivity.experiments.studies.sensitivity import Sensitivity
from coercivity.model.basis.errors import InputError
from coercivity.viz.figures.notebook_figure import NotebookFigure
from tests.viz.test_cards import read

NAMES = ("first_answer", "belief_speed", "cover_spread")
POINTS = np.linspace(0.0, 1.0, 60).reshape(20, 3)
THERE = np.ones((20, 2), dtype=bool)
SAMPLE = Sample(
    scenario="japan-2026",
    method="sobol",
    problem={"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3},
    points=POINTS,
    samples=4,
    seeds=(0, 1),
    values={"firms_stopped_share": np.tile(POINTS[:, :1], 2)},
    lost=~THERE,
    there=THERE,
    days=720.0,
    months=24,
)
HEAD = ("firms_stopped_share", "Share of firms that stop", "share")


def finding(
    method: str, measures: tuple[str, ...], *pairs: Index, refused: str = ""
) -> OutcomeSensitivity:
    """A finding whose parameters have 0.6, 0.3 and 0.1 in every measure."""
    rows = [
        Index((name,), measure, size, size - 0.05, size + 0.05)
        for measure in measures
        for name, size in zip(NAMES, (0.6, 0.3, 0.1), strict=True)
    ]
    indices = None if refused else Indices(method, 20, (*rows, *pairs), None, 4)
    said = ("A sentence.",)
    return OutcomeSensitivity(*HEAD, method, 0.5, 0.0, 1.0, (), None, indices, None, refused, said)


PAIR = Index(("first_answer", "belief_speed"), "second", 0.2, 0.1, 0.3)
SOBOL = Sensitivity(SAMPLE, "sobol", (finding("sobol", ("first", "total"), PAIR),))
MORRIS = Sensitivity(SAMPLE, "morris", (finding("morris", ("mu_star", "mu", "sigma")),))
PAWN = Sensitivity(SAMPLE, "pawn", (finding("pawn", ("pawn",)),))
SWINGS = (Swing("first_answer", 0.0, 1.0, -0.2, (-0.3, -0.1), 0.4, (0.2, 0.6)),)
TORNADO = Sensitivity(
    SAMPLE,
    "tornado",
    (replace(finding("tornado", (), refused="x"), tornado=Tornado(0.4, 2, SWINGS), refused=""),),
)
REFUSED = Sensitivity(SAMPLE, "sobol", (finding("sobol", (), refused="nothing moves it"),))
CORNER = replace(
    PAWN,
    conditions=(Condition("firms_stopped_share", ">", 0.5),),
    corner=Corner(
        "firms_stopped_share>0.5",
        *(20, 10),
        (
            CornerBound("first_answer", "low", 0.5, 0.01, 0.9),
            CornerBound("belief_speed", "low", 0.4, 0.02, 0.8),
        ),
        *(0.9, 0.8, 0.2, 0.5, 0.7, 0.05),
        (),
    ),
)
ONE = "firms_stopped_share"


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (SOBOL, (ONE, f"{ONE}-pairs")),
        (MORRIS, (ONE, f"{ONE}-plane")),
        (PAWN, (ONE,)),
        (TORNADO, (ONE,)),
        (CORNER, (ONE, "corner")),
        (REFUSED, ()),
    ],
)
def test_each_figure_has_a_name(found: Sensitivity, names: tuple[str, ...]) -> None:
    assert found.plots == names
    for name in names:
        figure = found.plot(name)
        assert isinstance(figure, NotebookFigure)  # shows itself in a notebook
        assert figure._repr_png_().startswith(b"\x89PNG")


def test_what_cannot_be_drawn_costs_one_line() -> None:
    with pytest.raises(InputError, match=r"^plot 'pair' is not known; use one of: firms_stopped"):
        SOBOL.plot("pair")
    with pytest.raises(InputError, match=r"cannot be drawn: nothing moves it; ask for another out"):
        REFUSED.plot()


def test_a_card_says_what_moves_the_outcome() -> None:
    shown = read(SOBOL._repr_html_())
    assert "Sensitivity" in shown.texts
    assert {"total order", "first order", "first_answer", "A sentence."} <= set(shown.texts)
    assert shown.after("first_answer") == "0.6 (0.55 to 0.65)"
    assert '.plot("firms_stopped_share")' in shown.texts
    assert any("20 points with 2 seeds each" in text for text in shown.texts)
    tornado = read(TORNADO._repr_html_())
    assert tornado.after("first_answer") == "-0.2 (-0.3 to -0.1)"
    assert any(
        "not computed, nothing moves it" in text for text in read(REFUSED._repr_html_()).texts
    )
    assert ".bounds()" in read(CORNER._repr_html_()).texts
    many = replace(SOBOL, findings=SOBOL.findings * 5)
    assert "2 more outcomes" in read(many._repr_html_()).texts
