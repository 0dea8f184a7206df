"""A newcomer's hour: a clean environment, the wheel, three notebooks, a scenario, a plant, a rule
and a mineral of one's own. Run it by hand:

    python -m tools.benchmarks.newcomer_hour [--python python3.13]

Each step is what a page says, in a folder outside of the checkout; it is told with what it took and
whether it went well. The first that fails is the place where a newcomer would be stuck.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
NOTEBOOKS: Final = ("nbclient", "ipykernel")
CORE: Final = "import coercivity; print(coercivity.run('japan-2026', months=12).headlines())"
PLANT: Final = (
    "start,name,process,state,tonnes_per_year,first_month,patient,source,url,confidence,note\n"
    "2024-01,My separation plant,separate_heavy,Japan,500,2026-06,1,board paper,,assumed,\n"
)
OWN_PLANT: Final = """
import coercivity
if __name__ == "__main__":
    firms = coercivity.run("japan-2026", months=36, data="mine").table("firms")
    assert "My separation plant" in set(firms["firm"]), sorted(set(firms["firm"]))[:5]
"""


class Hour:
    """Steps, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin, self.failed = folder, folder / "env" / "bin", 0
        self.here = folder / "here"
        self.here.mkdir()

    def step(self, what: str, *command: str | Path, leaves: int = 0) -> None:
        """Run a command and tell how it went; it leaves with this exit code if all is well."""
        begun = time.perf_counter()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.here,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "MPLBACKEND": "agg"},
        )
        took = time.perf_counter() - begun
        print(
            f"{'well' if done.returncode == leaves else 'STUCK':5s} {took:6.1f} s  {what}",
            flush=True,
        )
        if done.returncode != leaves:
            self.failed += 1
            print("\n".join((done.stdout + done.stderr).strip().splitlines()[-6:]), flush=True)

    def python(self, what: str, code: str) -> None:
        """A step in Python, from a file as a script would be."""
        file = self.here / "step.py"
        file.write_text(code, encoding="utf-8")
        self.step(what, self.bin / "python", file)


def main() -> None:
    """The hour."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        hour = Hour(Path(place))
        command = [sys.executable, "-m", "build", "--wheel", "--outdir", place, str(ROOT)]
        subprocess.run(command, check=True, capture_output=True)
        (wheel,) = Path(place).glob("*.whl")
        pip = hour.bin / "pip"
        pins = ("-c", ROOT / "constraints.txt")
        hour.step("a clean environment", asked.python, "-m", "venv", hour.folder / "env")
        hour.step("pip install coercivity (the core)", pip, "install", "-q", *pins, wheel)
        hour.python("a run with the core alone", CORE)
        hour.step("coercivity run", hour.bin / "coercivity", "run", "japan-2026", "--months", "12")
        hour.step("pip install coercivity[sweep]", pip, "install", "-q", *pins, f"{wheel}[sweep]")
        hour.step("pip install nbclient ipykernel", pip, "install", "-q", *pins, *NOTEBOOKS)
        write = [sys.executable, str(ROOT / "docs" / "notebooks.py"), "--write", str(hour.here)]
        subprocess.run(write, check=True, capture_output=True)
        for notebook in sorted(hour.here.glob("*.ipynb")):
            execute = hour.bin / "jupyter-execute"
            hour.step(f"notebook {notebook.stem}, executed", execute, notebook.name)
        program = hour.bin / "coercivity"
        hour.step("a scenario of one's own, begun", program, "scenarios", "new", "mine.yaml")
        hour.step("... checked", program, "scenarios", "check", "mine.yaml")
        hour.step("... run", program, "run", "mine.yaml", "--months", "24")
        (hour.here / "mine").mkdir()
        (hour.here / "mine" / "projects.csv").write_text(PLANT, encoding="utf-8")
        hour.python("a plant of one's own, by data=", OWN_PLANT)
        hour.step("... by --data", program, "--data", "mine", "run", "japan-2026", "--months", "12")
        shutil.copy(ROOT / "examples" / "mesa" / "own_rule.py", hour.here)
        hour.step("a rule of one's own, by a subclass", hour.bin / "python", "own_rule.py")
        mineral = ("--data", "gallium-germanium")
        hour.step("a second mineral", program, *mineral, "run", "gallium-germanium-2023")
        hour.step("... its backtest", program, *mineral, "backtest", "--draws", "8")
        hour.step("the app says in one line which extra it wants", program, "app", leaves=2)
    print(f"{hour.failed} steps went wrong")


if __name__ == "__main__":
    main()
