"""The examples run as they stand, in a process of their own, and say what their text says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import mesa
import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAYS = {
    "agents.py": ("Processor", "would run"),
    "batch.py": ("price_dysprosium_oxide", "2026-12"),
    "own_rule.py": ("12m of World: ", "12m of CarefulWorld", "2 runs of the sweep done"),
}

SLOW = pytest.mark.slow  # runs, twins and a sweep of two worlds in processes of their own


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=SLOW if name == "own_rule.py" else ()) for name in SAYS]
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


@pytest.mark.slow  # 32 worlds
def test_the_rule_of_its_page_moves_what_the_page_says(tmp_path: Path) -> None:
    """The sign that the page says first holds, and its numbers are those that its lines print."""
    page = (EXAMPLES.parent / "docs" / "own-rule.md").read_text(encoding="utf-8")
    rule, _, numbers, *_ = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "page.py"
    file.write_text(f"import coercivity\n{rule}\n{numbers}", encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"It prints `{done.stdout.strip()}`" in page, done.stdout
    times = re.search(r"(\d+) of 16", done.stdout)
    assert times is not None
    assert int(times[1]) >= 13


def test_every_example_is_tried() -> None:
    in_a_browser = {"page.py"}  # tests/viz/test_mesa_page_browser.py
    assert {path.name for path in (EXAMPLES / "mesa").glob("*.py")} == {*SAYS, *in_a_browser}
