"""The notebooks run as they stand, in an empty folder, and show tables and figures."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "docs" / "notebooks").glob("*.py"))
LEAST = {"1-first-run": 1, "2-twins-and-bands": 3, "3-sweep-to-a-corner": 2}  # figures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs folder with the links of the rooms beside it, so that nothing is kept here."""
    root = tmp_path_factory.mktemp("notebooks")
    (root / "docs").mkdir()
    shutil.copytree(ROOT / "tools" / "docs", root / "tools" / "docs")
    for room in ("agents", "api", "experiments", "model", "viz"):
        (root / room).symlink_to(ROOT / room)
    return root


def run(place: Path) -> subprocess.CompletedProcess[str]:
    """Run what is not of its source and its code, from a shell that draws figures elsewhere."""
    command = [sys.executable, "-m", "tools.docs.notebooks"]
    shell = {**os.environ, "MPLBACKEND": "Agg"}
    return subprocess.run(
        command, cwd=place, env=shell, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, place: Path) -> None:
    sources = place / "docs" / "notebooks"
    shutil.rmtree(sources, ignore_errors=True)
    sources.mkdir()
    shutil.copy(path, sources)
    done = run(place)
    assert done.returncode == 0, done.stderr[-3000:]
    cells = json.loads((place / "runs" / "notebooks" / f"{path.stem}.ipynb").read_text())["cells"]
    shown: list[dict[str, Any]] = [one for cell in cells for one in cell.get("outputs", ())]
    kinds = [kind for one in shown for kind in one.get("data", {})]
    assert kinds.count("image/png") >= LEAST[path.stem]
    assert "text/html" in kinds
    assert not [one for one in shown if "Traceback" in str(one)]
    again = run(place)
    assert again.stdout == "", "what is of this source and this code is not run again"
