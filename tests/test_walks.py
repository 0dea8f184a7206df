"""The pages for contributors, walked: a copy of the code in which somebody does what the page says,
and then runs it.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agents", "model", "experiments", "viz")
SOURCE = "a walk through the page"

RUN = """
from coercivity.model.world import World
for share in (0.9, 0.0):
    asked = {"lend_share": share, "firms_per_sector": 2}
    world = World("japan-blanket-ban", 1, months=30, record=False, **asked)
    for _ in range(30):
        world.step()
        assert abs(world.balance_error()).max() < 1e-6
    print(float(world.firms.run[world.firms.is_end & (world.firms.state == 1)].sum()))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms, importable as coercivity from tmp_path/links."""
    links = tmp_path / "links" / "coercivity"
    shutil.copytree(ROOT / "api", links, ignore=shutil.ignore_patterns("__pycache__"))
    for room in ROOMS:
        shutil.copytree(ROOT / room, links / room, ignore=shutil.ignore_patterns("__pycache__"))
    return links


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=copy.parent,
        env={**os.environ, "PYTHONPATH": str(copy.parent)},
    )


def edit(path: Path, old: str, new: str) -> None:
    """Change what stands once in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name}: {text.count(old)} times {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_row(path: Path, before: str = "", **values: object) -> None:
    """A row at the end of a table, or before the first that begins with a text; columns that are
    not named are empty.
    """
    text = path.read_text(encoding="utf-8")
    columns = next(csv.reader(text.splitlines()))
    assert set(values) <= set(columns), f"{path.name} has no column {set(values) - set(columns)}"
    row = ",".join(str(values.get(column, "")) for column in columns) + "\n"
    at = text.index("\n" + before) + 1 if before else len(text)
    path.write_text(text[:at] + row + text[at:], encoding="utf-8")


def code_of(page: str) -> list[str]:
    """The Python of a page, block by block."""
    return re.findall(r"```python\n(.*?)```", page, re.DOTALL)


def test_add_a_mechanism(copy: Path) -> None:
    """The rule, the mechanism and the call are those of the page, word by word."""
    page = (ROOT / "docs/add-a-mechanism.md").read_text(encoding="utf-8")
    rule, mechanism, call, _ = code_of(page)
    named = re.search(r'Add `(\("M17", "[^"]*"\))`', page)
    assert named is not None
    names = copy / "model/basis/fixed_names.py"
    (last,) = re.findall(r'\n    \("M16", [^\n]*\n', names.read_text(encoding="utf-8"))
    edit(names, last, f"{last}    {named[1]},\n")
    add_row(
        copy / "model/data/parameters.csv",
        name="lend_share",
        value=0.5,
        low=0.0,
        high=1.0,
        unit="share",
        source=SOURCE,
        status="assumed",
        group="sharing",
        description="part of what it has beyond the month that a firm lends",
    )
    user = copy / "agents/firms/user.py"
    user.write_text(user.read_text(encoding="utf-8") + "\n\n" + rule, encoding="utf-8")
    (copy / "model/use/sharing.py").write_text(mechanism, encoding="utf-8")
    world = copy / "model/world.py"
    edit(
        world,
        "from coercivity.model.use.recycling import recycle\n",
        "from coercivity.model.use.recycling import recycle\n"
        "from coercivity.model.use.sharing import share_stock\n",
    )
    first = "        self.carry_out(production.produce"
    edit(world, first, f"{call.rstrip()}\n{first}")
    house = copy / "tests/test_house.py"
    house.parent.mkdir()
    for name in ("source_tree.py", "test_house.py"):
        shutil.copy(ROOT / "tests" / name, house.parent)
    held = python(
        copy,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", f"pythonpath={copy}", str(house)),
    )
    assert held.returncode == 0, held.stdout
    run = python(copy, "-c", RUN)
    assert run.returncode == 0, run.stderr
    much, nothing = map(float, run.stdout.split())
    assert much != nothing, "lending moves nothing"


def test_a_change_of_a_rule_meets_the_tests_that_the_page_names(copy: Path) -> None:
    """The changed line stands in for the rule's; what the page says will fail is there and
    fails.
    """
    page = (ROOT / "docs/add-a-mechanism.md").read_text(encoding="utf-8")
    *_, changed = code_of(page)
    section = page.partition("## Change a rule that is there")[2]
    for path in re.findall(r"`((?:agents|model|tests|tools|docs)/[\w./]+)`", section):
        assert (ROOT / path).exists(), path
    (hand,) = re.findall(r"`(test_\w+)` in `(tests/agents/\w+\.py)`", section)
    oracle = (ROOT / "tools/check/oracle/firm.py").read_text(encoding="utf-8")
    assert "THROTTLE_SLOPE" in oracle
    assert "def plan_run(self)" in oracle
    plant = copy / "agents/firms/plant.py"
    edit(plant, "    return run * (1.0 + 3.0 * (margin + bearable)).clip(0.25, 1.0)\n", changed)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            f"{hand[1]}::{hand[0]}",
            "tests/oracle/test_oracle.py::test_phase_on_a_random_state[order-1]",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(copy.parent)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed" in done.stdout
