"""Figures by name: names without matplotlib, a Figure that pyplot has never heard of, and what a
wrong name costs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.figure import Figure

from coercivity.model.basis.errors import InputError
from coercivity.viz.figures.by_name import (
    NAMES,
    ensemble_figure,
    ensemble_plots,
    run_figure,
    run_plots,
)
from coercivity.viz.figures.ensemble_figures import TITLES, ensemble_figures
from coercivity.viz.figures.run_figures import FIGURES
from tests.fake_result import FakeResult, fake_scenario
from tests.viz.test_ensemble_figures import made_up


def test_names_are_those_of_the_figures_that_there_are() -> None:
    assert sorted(NAMES) == sorted(FIGURES) == sorted(TITLES)
    for twin in (False, True):
        assert ensemble_plots(made_up(twin=twin)) == tuple(ensemble_figures(made_up(twin=twin)))


DOORS: dict[str, Callable[[str], Figure]] = {
    "prices, output, dependence, cover, loss": lambda name: run_figure(
        FakeResult(fake_scenario()), name
    ),
    "prices, output, dependence, cover, loss, prices-difference": lambda name: ensemble_figure(
        made_up(twin=True), name
    ),
}


@pytest.mark.parametrize("names", DOORS)
def test_a_wrong_name_is_answered_with_all_names(names: str) -> None:
    with pytest.raises(InputError, match=f"^plot 'price' is not known; use one of: {names}"):
        DOORS[names]("price")


def test_what_keeps_no_tables_has_no_figures() -> None:
    class Bare(FakeResult):
        tables = ()  # type: ignore[assignment]

    bare: Any = Bare(fake_scenario())
    assert run_plots(bare) == ()
    with pytest.raises(InputError, match="this run did not record"):
        run_figure(bare, "prices")


def test_without_matplotlib_names_stand_and_drawing_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result: Any = FakeResult(fake_scenario())
    assert run_plots(result) == NAMES
    said = 'plot() needs matplotlib; install it with: pip install "coercivity[plot]"'
    for draw in (lambda: run_figure(result, "prices"), lambda: ensemble_figure(made_up())):
        with pytest.raises(InputError) as refused:
            draw()
        assert str(refused.value) == said


def test_pyplot_is_never_loaded_and_a_notebook_shows_one_picture() -> None:
    code = (
        "import sys\n"
        "from tests.fake_result import FakeResult, fake_scenario\n"
        "from coercivity.viz.figures.by_name import run_figure\n"
        "assert 'matplotlib' not in sys.modules\n"
        "figure = run_figure(FakeResult(fake_scenario()), 'loss')\n"
        "from IPython.core.formatters import DisplayFormatter\n"
        "data, _ = DisplayFormatter().format(figure)\n"
        "print(sorted(data), 'matplotlib.pyplot' in sys.modules)\n"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip() == "['image/png', 'text/plain'] False"
