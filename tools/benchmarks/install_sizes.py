"""What each extra costs: packages, megabytes and seconds, each in a fresh environment from the
built wheel.

    python tools/benchmarks/install_sizes.py [--write] [--python python3.13] [--extra sweep ...]

--write puts the table into docs/install.md. Seconds are those of the processor, so that what else
the machine does matters less; what carries over is the ratio to the core. Versions are those of
constraints.txt, packages come through pip from wherever it takes them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = ROOT / "docs" / "install.md"
BEGIN, END = "<!-- sizes: begin -->", "<!-- sizes: end -->"
FOR_US: Final = ("test", "lint", "docs")
CORE: Final = "core"
NOT_COUNTED: Final = ("pip", "setuptools", "wheel")  # what a bare environment has
ROUNDS: Final = 5  # of each time; the least counts
IMPORT: Final = "import coercivity; coercivity.run"
RUN: Final = "import coercivity; coercivity.run('japan-2026', months=12)"
QUIET: Final = "import warnings; warnings.simplefilter('ignore')"
FEATURE: Final = {  # what an extra is installed for, imported whole
    "plot": "import coercivity.viz.figures.run_figures",
    "sweep": "import coercivity.experiments.sweep.run_sweep, pyarrow.parquet, SALib.sample.sobol",
    "app": f"{QUIET}; import coercivity.viz.app",
    "dask": "import coercivity.experiments.sweep.dask_pool, distributed",
    "xarray": "import xarray",
    "all": f"{QUIET}; import coercivity.viz.app, distributed, SALib, pyarrow.parquet, xarray",
}


@dataclass(frozen=True)
class Cost:
    """What an installation costs. first: seconds of the very first run, right after installing."""

    extra: str
    packages: int
    megabytes: float
    imported: float
    feature: float | None
    first: float
    run: float


def extras() -> tuple[str, ...]:
    """The extras for users, the core first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return (CORE, *(one for one in project["optional-dependencies"] if one not in FOR_US))


def built(folder: Path) -> Path:
    """The wheel, built from a copy, so that nothing is left in the checkout."""
    source = folder / "source"
    source.mkdir()
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for room in settings["tool"]["setuptools"]["package-dir"].values():
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    command(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, source)
    (wheel,) = folder.glob("coercivity-*.whl")
    return wheel


def command(*words: str | Path, folder: Path | None = None) -> str:
    """What a command prints; its words to standard error where it fails."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, cwd=folder
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def seconds(python: Path, code: str, folder: Path, rounds: int = ROUNDS) -> float:
    """Seconds that a fresh process takes of the processor, the least of some."""
    taken = []
    for _ in range(rounds):
        before = os.times()
        command(python, "-c", code, folder=folder)
        after = os.times()
        spent = after.children_user - before.children_user
        taken.append(spent + after.children_system - before.children_system)
    return min(taken)


def size(folder: Path) -> int:
    """Bytes of all files below a folder, links not followed."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def cost(extra: str, wheel: Path, python: str, folder: Path) -> Cost:
    """Install an extra into an environment of its own and look."""
    place = folder / f"env-{extra}"
    command(python, "-m", "venv", place)
    inside = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    bare = size(place)
    wanted = str(wheel) if extra == CORE else f"{wheel}[{extra}]"
    pip = (inside, "-m", "pip", "--disable-pip-version-check")
    command(*pip, "install", "--quiet", wanted, "-c", ROOT / "constraints.txt")
    held = json.loads(command(*pip, "list", "--format=json"))
    names = [one["name"].lower() for one in held if one["name"].lower() not in NOT_COUNTED]
    first = seconds(inside, RUN, folder, 1)
    feature = FEATURE.get(extra)
    return Cost(
        extra,
        len(names) - 1,  # ours is none of them
        (size(place) - bare) / 1e6,
        seconds(inside, IMPORT, folder),
        None if feature is None else seconds(inside, feature, folder),
        first,
        seconds(inside, RUN, folder),
    )


def table(costs: Sequence[Cost]) -> Iterable[str]:
    """The lines of the table: times as they were, and of the core's."""
    core = next((one for one in costs if one.extra == CORE), costs[0])
    yield (
        "| what | packages | MB on disk | import | its features imported | first run, 12 months "
        "| later ones |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for one in costs:
        name = "`coercivity`" if one.extra == CORE else f"`coercivity[{one.extra}]`"
        feature = "" if one.feature is None else f"{one.feature:.1f} s"
        times = [
            f"{value:.1f} s ({value / of:.2f})"
            for value, of in (
                (one.imported, core.imported),
                (one.first, core.first),
                (one.run, core.run),
            )
        ]
        yield (
            f"| {name} | {one.packages} | {one.megabytes:,.0f} | {times[0]} | {feature} | "
            f"{times[1]} | {times[2]} |"
        )


def written(page: str, lines: Iterable[str]) -> str:
    """The page with its table in place of the one before."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}"


def main() -> None:
    """Measure, print, and write where asked."""
    known = extras()
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/install.md")
    parser.add_argument("--python", default=sys.executable, help="which Python; this one without")
    parser.add_argument("--extra", action="append", choices=known, help="only these")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        wheel = built(folder)
        version = command(asked.python, "-c", "import platform; print(platform.python_version())")
        costs = [cost(one, wheel, asked.python, folder) for one in asked.extra or known]
    lines = [
        *table(costs),
        "",
        f"Python {version.strip()}, {platform.system()} {platform.machine()}. In brackets: of the "
        f"core's. Seconds of the processor, the least of {ROUNDS}, but for the first run.",
    ]
    print("\n".join(lines))
    if asked.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")


if __name__ == "__main__":
    main()
