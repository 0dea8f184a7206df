"""Name every result and every page that is not of the version and the code that run, with the
command that makes it again, or run these commands.

    python -m tools.docs.release
        `make release-check`: exits with 1 where there is one. Between releases results are older
        than the code on purpose; a release is not made with such (steps in CONTRIBUTING.md).
    python -m tools.docs.release OUT
        `make paper`: one command after another, then the pages. OUT: folder of the paper kit

What is of the code that runs is left alone, and each command goes on where it was stopped, so the
same call takes up where this one ended. OUT/remade.csv has a line a command: when it began,
seconds, how it ended. A calibration is no part of it, for it changes what everything else rests on:
it is named, and comes first by hand. So are sentences and versions that only a reader can set
right. A calibration whose targets do not feel the younger code is carried to it first, and so is
every result that would come out the same (carry_results.py).
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from coercivity.experiments.calibration.calibration_files import fitted_code
from coercivity.model.scenario.files import list_scenarios
from coercivity.viz.page_data.shown_results import LEFT_OUT
from tools.docs.kit.build import Plan, key_of
from tools.docs.kit.kit_steps import PARTS
from tools.docs.stamp import stamp, stamp_of

ROOT = Path(__file__).resolve().parents[2]
KIT: Final = (
    "python -m tools.docs.kit {out} --parts {part} && python -m tools.docs.write_result_pages {out}"
)
OUT: Final = "runs/paper"
REDRAW: Final = "make docs"
RUN: Final = ("coercivity ", "python ", "make ")  # how what can be run begins; the rest is by hand
ADOPT: Final = "python -m tools.docs.adopt_calibration"
CARRY: Final = "python -m tools.docs.carry_results"
NOTE: Final = "docs/results/quick.json"  # what the results gave when they were made
TIMES: Final = "remade.csv"
COLUMNS: Final = ("command", "began", "seconds", "exit_code")
COPY: Final = "python -m tools.docs.write_result_pages"
CALIBRATE: Final = (
    "python -m tools.docs.adopt_calibration, enough where no target feels what has changed; else "
    "first coercivity calibrate --out runs/calibration (setting: docs/calibration.md), then python "
    "-m tools.docs.adopt_calibration runs/calibration [CANDIDATE]"
)
LESSONS: Final = "python -m tools.docs.lessons --run"
SCENARIOS: Final = "python -m tools.docs.scenarios --run"
MONOTONE: Final = "python -m tools.docs.monotone --run"
CUTS: Final = "python -m tools.docs.cuts --run"
BESIDE: Final = "python -m tools.docs.before_and_now --run"
STAMPED: Final = {  # pages whose numbers stand nowhere else
    "docs/believed.md": "python -m tools.docs.believed",
    "docs/why-not.md": "python -m tools.docs.why_not",
}
PAGES: Final = ("*.md", "claims/*.md", "lessons/*.md")
CITATION: Final = "CITATION.cff"
SAYS: Final = re.compile(
    r"(?:coercivity\s+|^version: )(\d+(?:\.\w+)+)|Version (\d+(?:\.\w+)+)\. Made by", re.MULTILINE
)


@dataclass(frozen=True)
class Here:
    """What a result must say to be of the code that runs.

    model: fingerprint of the model; fitted: of the model without its collection; parts: of each
    part of the paper kit, with the experiments behind it; collection: of the parameter vectors.
    """

    version: str
    model: str
    fitted: str
    parts: Mapping[str, str]
    collection: str
    scenarios: tuple[str, ...]


@dataclass(frozen=True)
class Stale:
    """A result or page that is not of the code that runs: why, and what makes it again."""

    name: str
    why: str
    remake: str


def here() -> Here:
    """This installation."""
    made_with, asked = stamp(), Plan()
    keys = {name: key_of(part, asked) for name, part in PARTS.items() if not part.command}
    record = json.loads((ROOT / "docs" / "calibration.json").read_text(encoding="utf-8"))
    return Here(
        made_with["coercivity"],
        made_with["code"],
        fitted_code(record["screening"]),
        {name: key["code"] for name, key in keys.items()},
        next(iter(keys.values()))["collection"],
        tuple(list_scenarios()),
    )


def stale(root: Path, now: Here) -> list[Stale]:
    """Every result and page of a checkout that is not of the code that runs."""
    results = root / "docs" / "results"
    found = [*_kit(results, now, tuple(now.parts), KIT)]
    found += _kit(root / "viz" / "data" / "results", now, tuple(LEFT_OUT), COPY)
    found += _one(root / "docs" / "calibration.json", now, now.fitted, CALIBRATE)
    found += _one(results / "lessons.json", now, now.model, LESSONS)
    found += _one(results / "monotone.json", now, now.model, MONOTONE)
    found += _one(results / "cuts.json", now, now.model, CUTS)
    found += _one(results / "now.json", now, now.model, BESIDE)
    found += _scenarios(results / "scenarios.json", now)
    for name, remake in STAMPED.items():
        page = root / name
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        if why := _why(stamp_of(text), now.version, now.model):
            found.append(Stale(name, why if text else "missing", remake))
    found += _pages(root, now)
    return [Stale(one.name.removeprefix(f"{root}/"), one.why, one.remake) for one in found]


def _kit(folder: Path, now: Here, wanted: tuple[str, ...], remake: str) -> Iterator[Stale]:
    """Documents of the paper kit: all parts in docs/, the copies that the browser's pages show."""
    for part, code in now.parts.items():
        if part not in wanted:
            continue
        path = folder / f"{part}.json"
        held = _read(path)
        why = "missing" if held is None else _why(held, now.version, code)
        if not why and held and held.get("quick"):
            why = "made with --quick"
        if not why and held and held.get("collection") != now.collection:
            why = f"vectors of collection {held.get('collection')}, not {now.collection}"
        if why:
            yield Stale(str(path), why, remake.format(out=OUT, part=part))


def _one(path: Path, now: Here, code: str, remake: str) -> Iterator[Stale]:
    """A document of one run, with its stamp in `made_with` or among its keys."""
    held = _read(path)
    why = "missing"
    if held is not None:
        said = held.get("made_with", held)
        version = said.get("coercivity", said.get("version"))
        why = _why({"coercivity": version, "code": said.get("code")}, now.version, code)
    if why:
        yield Stale(str(path), why, remake)


def _scenarios(path: Path, now: Here) -> Iterator[Stale]:
    """Scenarios are run one by one, and each has a stamp of its own."""
    held = _read(path) or {}
    reasons: dict[str, list[str]] = defaultdict(list)
    for name in now.scenarios:
        made_with = held.get("made_with", {}).get(name, {})
        why = _why(made_with, now.version, now.model) if name in held else "missing"
        if why:
            reasons[why].append(name)
    for why, names in reasons.items():
        some = names if len(names) < len(now.scenarios) else []
        told = f" ({', '.join(some)})" if some else ""
        yield Stale(f"{path}{told}", why, " ".join((SCENARIOS, *some)))


def _pages(root: Path, now: Here) -> Iterator[Stale]:
    """Pages that say which version made them, and say another one."""
    remade = {**STAMPED, CITATION: "write the version into it"}
    for path in (*_texts(root), *root.glob(CITATION)):
        said = {one or other for one, other in SAYS.findall(path.read_text(encoding="utf-8"))} - {
            now.version
        }
        if said:
            remake = remade.get(path.relative_to(root).as_posix(), REDRAW)
            yield Stale(str(path), f"says version {', '.join(sorted(said))}", remake)


def _texts(root: Path) -> list[Path]:
    pages = (path for pattern in PAGES for path in (root / "docs").glob(pattern))
    return sorted(path for path in pages if not path.name.endswith("template.md"))


def _why(made_with: Mapping[str, Any], version: str, code: str) -> str:
    """What does not fit in a stamp, empty where it fits."""
    said, mark = made_with.get("coercivity"), made_with.get("code")
    if said is not None and said != version:
        return f"version {said}, not {version}"
    if not (said and mark):
        return "no fingerprint of the code" if said else "no stamp"
    return "" if mark == code else f"code {mark}, not {code}"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return held if isinstance(held, dict) else None


def told(found: list[Stale], now: Here) -> list[str]:
    """The lines that are printed: what shares reason and command stands together."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in found:
        together[one.remake, one.why].append(one.name)
    lines = []
    for (remake, why), names in together.items():
        lines += [f"{', '.join(names)}: {why}", f"    {remake}"]
    of = f"coercivity {now.version}, model code {now.model}"
    end = f"{len(found)} results and pages are not of {of}" if found else f"All results are of {of}"
    return [*lines, end]


def commands(found: Iterable[Stale]) -> list[str]:
    """What to run, each once and in the order in which it is named; pages last."""
    wanted = dict.fromkeys(one.remake for one in found if one.remake != CALIBRATE)
    runs = [one for one in wanted if one.startswith(RUN) and one != REDRAW]
    return [*runs, REDRAW] if wanted else []


def by_hand(found: Iterable[Stale]) -> list[str]:
    """What only a person can set right: name, why, how."""
    return [
        f"{one.name}: {one.why}\n    {one.remake}"
        for one in found
        if one.remake == CALIBRATE or not one.remake.startswith(RUN)
    ]


def run(command: str, times: Path) -> int:
    """One command in the root of the project, timed; returns its exit code."""
    print(f"\n$ {command}", flush=True)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    began, clock = datetime.now(UTC).isoformat(timespec="seconds"), monotonic()
    ended = subprocess.run(
        command, shell=True, cwd=ROOT, env={**os.environ, "PATH": path}, check=False
    ).returncode
    new = not times.is_file()
    with times.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerow((command, began, round(monotonic() - clock), ended))
    return ended


def remake(out: str, now: Here, root: Path = ROOT) -> int:
    """Run all of it; stop at the first command that fails. Returns the exit code."""
    times = root / out / TIMES
    times.parent.mkdir(parents=True, exist_ok=True)
    found = stale(root, now)
    if any(one.remake == CALIBRATE for one in found):
        if ended := run(ADOPT, times):
            print(f"stopped: exit code {ended}; whether the calibration holds is not known")
            return 1
        found = stale(root, now)
    if any(one.remake == CALIBRATE for one in found):
        print("the calibration is of other code; first, by hand:\n    " + CALIBRATE)
        return 1
    if found and (root / NOTE).is_file():
        if ended := run(CARRY, times):
            print(f"stopped: exit code {ended}; whether results come out the same is not known")
            return 1
        found = stale(root, now)
    for command in commands(found):
        if ended := run(command.replace(OUT, out), times):
            print(f"stopped: exit code {ended}; what is finished is kept, run the same again")
            return 1
    left = by_hand(stale(root, now))
    print("\n".join(("", "by hand:", *left) if left else ("", "all of it is of this version")))
    return 1 if left else 0


def main(arguments: Sequence[str]) -> int:
    """Print what is stale, or with a folder make it again; return the exit code."""
    now = here()
    if arguments:
        return remake(arguments[0], now)
    found = stale(ROOT, now)
    print("\n".join(told(found, now)))
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit("Use: python -m tools.docs.release [OUT]")
    sys.exit(main(sys.argv[1:]))
