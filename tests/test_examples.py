"""The examples run as they stand, in a process of their own, and say what their text says."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import warnings
from pathlib import Path

import mesa
import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAYS = {
    "agents.py": ("Processor", "would run"),
    "batch.py": ("price_dysprosium_oxide", "2026-12"),
    "own_rule.py": ("CarefulWorld", "2 runs of the sweep done"),
}

SLOW = pytest.mark.slow  # runs, twins and a sweep of two worlds in processes of their own


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=SLOW if name == "own_rule.py" else ()) for name in SAYS],
)
def test_an_example_of_mesa_runs(name: str) -> None:
    if name == "batch.py" and not hasattr(mesa, "batch_run"):
        pytest.skip("this Mesa has no batch_run")
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "mesa" / name)],
        capture_output=True,
        text=True,
        check=False,
        cwd=EXAMPLES,
    )
    assert done.returncode == 0, done.stderr
    assert all(word in done.stdout for word in SAYS[name]), done.stdout


def test_the_page_of_mesa_is_drawn() -> None:
    pytest.importorskip("altair")
    import solara
    from solara.widgets import GridLayout

    spec = importlib.util.spec_from_file_location("example_page", EXAMPLES / "mesa" / "page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa's own notices
        spec.loader.exec_module(module)
        _, rendered = solara.render(module.page, handle_error=False)
        try:
            plots = rendered.find(GridLayout)
            assert len(plots) == 1
            assert len(plots.widget.grid_layout) == 2
        finally:
            rendered.close()


def test_every_example_is_tried() -> None:
    assert {path.name for path in (EXAMPLES / "mesa").glob("*.py")} == {*SAYS, "page.py"}
