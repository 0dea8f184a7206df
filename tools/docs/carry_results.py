"""Carry results over to younger code that does the same: a faster step, a file that moved, better
words. What took hours is not made again where minutes show that it would come out the same.

    python -m tools.docs.carry_results --remember
        right after results were made: notes what the code that runs gives in the quick kit, and the
        commit of the golden net
    python -m tools.docs.carry_results
        runs the quick kit and the golden net again, and puts the stamp of the code that runs on
        every result whose part came out byte for byte the same (docs/decisions/0056)

A result keeps in `carried` which version and code made it. What the quick kit or the net tells
apart stays as it is, and `make paper` makes it again. Results that are of one model and no part of
the kit (levers, lessons, scenarios) are carried where the net and all parts say the same.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from coercivity.viz.page_data.shown_results import read_document
from tools.check.processor import probe
from tools.docs.kit.documents import to_text
from tools.docs.release import ROOT, Here, here

NOTE: Final = "quick.json"  # in docs/results
RESULTS: Final = Path("docs/results")
DIGESTS: Final = "tests/golden/blessed/digests.json"
LESSONS, LEVERS, SCENARIOS = "lessons.json", "monotone.json", "scenarios.json"
Held = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """What the code that runs gives. quick: sum of the answers of each part in the quick kit; net:
    what the golden net finds that is another, '' for nothing.
    """

    quick: Mapping[str, str]
    net: str


# ---------------------------------------------------------------- what is compared


def quick_sums(parts: Iterable[str], root: Path = ROOT) -> dict[str, str]:
    """Part -> sum of its answers in the quick kit, by the code that runs."""
    with TemporaryDirectory() as folder:
        command = ["-m", "tools.docs.kit", folder, "--quick", "--workers", "2", "--parts", *parts]
        subprocess.run([sys.executable, *command], cwd=root, check=True)
        return {part: sum_of(Path(folder) / "results" / f"{part}.json") for part in parts}


def sum_of(path: Path) -> str:
    """Sum of what a part found, whatever its stamp says."""
    return hashlib.sha256(to_text(read_document(path)["found"]).encode()).hexdigest()[:16]


def net_since(commit: str, root: Path = ROOT) -> str:
    """What the golden net tells apart since a commit, '' for nothing: digests blessed anew with
    other values, or a run that is not as it was blessed. Columns and runs that are new tell
    nothing.
    """
    shown = subprocess.run(
        ["git", "show", f"{commit}:{DIGESTS}"], cwd=root, capture_output=True, text=True, check=True
    )
    before = json.loads(shown.stdout)["cases"]
    now = json.loads((root / DIGESTS).read_text(encoding="utf-8"))["cases"]
    if moved := blessed_anew(before, now):
        return f"blessed anew with other values: {', '.join(moved[:6])}"
    return "" if _as_blessed(root) else "runs are not as they were blessed"


@cache
def _as_blessed(root: Path) -> bool:
    """Whether the golden runs are as they were blessed last."""
    return not subprocess.run(
        [sys.executable, "-m", "tests.golden"], cwd=root, check=False
    ).returncode


def blessed_anew(
    before: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Columns of the golden net, as run.table.column, that are gone or have other digests."""
    return [
        f"{case}.{column}"
        for case, digests in before.items()
        for column, digest in digests.items()
        if now.get(case, {}).get(column) != digest
    ]


# ---------------------------------------------------------------- what is written


def remember(
    now: Here, quick: Callable[[Iterable[str]], Mapping[str, str]], commit: str, root: Path
) -> list[str]:
    """Note what the code that runs gives, for the parts whose results are of it, beside what is
    known of others; returns them.
    """
    of_now = [
        part
        for part, code in now.parts.items()
        if (path := root / RESULTS / f"{part}.json").is_file()
        and stamp_in(_read(path)) == (now.version, code)
    ]
    if of_now:
        sums, path = quick(of_now), root / RESULTS / NOTE
        known = _read(path)["parts"] if path.is_file() else {}
        new = {
            part: {
                "code": now.parts[part],
                "sum": sums[part],
                "commit": commit,
                "model": now.model,
                "rounds": probe(),
            }
            for part in of_now
        }
        _write(path, {"parts": {**known, **new}})
    return of_now


def carry(now: Here, gives: Callable[[Mapping[str, Held]], Given], root: Path) -> list[str]:
    """Put the stamp of the code that runs on results that it would make the same; returns a line
    for each result that was looked at. Raises SystemExit where nothing was remembered, or on
    another processor.
    """
    path = root / RESULTS / NOTE
    if not path.is_file():
        sys.exit(
            f"{RESULTS / NOTE} is not there; python -m tools.docs.carry_results --remember writes "
            "it"
        )
    note = _read(path)
    for part, then in note["parts"].items():
        if then["rounds"] != probe():
            sys.exit(
                f"{RESULTS / NOTE}, {part}, rounds: remembered on a processor or with a NumPy that "
                f"round otherwise ({then['rounds']}, here {probe()}), so that equal code gives "
                f"other sums; check out {then['commit'][:8]}, run python -m "
                "tools.docs.carry_results "
                "--remember here, and try again"
            )
    given = gives(note["parts"])
    if given.net:
        return [f"nothing is carried: the golden net tells the model apart ({given.net})"]
    lines, models = [], {then["model"] for then in note["parts"].values()}
    alike = set()
    for part, then in note["parts"].items():
        file = root / RESULTS / f"{part}.json"
        if given.quick.get(part) != then["sum"]:
            lines.append(f"{part}: the quick kit gives something else")
        elif not file.is_file() or stamp_in(held := _read(file))[1] not in (
            then["code"],
            now.parts[part],
        ):
            lines.append(f"{part}: was not made by the code that is remembered")
        else:
            _write(file, carried(held, now.version, now.parts[part]))
            then["code"], then["model"] = now.parts[part], now.model
            alike.add(part)
            lines.append(f"{part}: carried")
    if alike == set(now.parts):
        lines += [f"{name}: carried" for name in _of_the_model(models, now, root)]
    _write(path, note)
    return lines


def carried(held: Held, version: str, code: str) -> Held:
    """A result under the stamp of the code that runs, with the one that made it; one that stands
    under it already is left as it is.
    """
    if stamp_in(held) == (version, code):
        return held
    told = "coercivity" if "coercivity" in held else "version"
    first = held.get("carried", {"coercivity": held[told], "code": held["code"]})
    return {**held, told: version, "code": code, "carried": first}


def stamp_in(held: Held) -> tuple[str, str]:
    """Version and code of a result."""
    return str(held.get("coercivity", held.get("version"))), str(held.get("code"))


def _of_the_model(codes: Collection[str], now: Here, root: Path) -> list[str]:
    """Carry the results that say the fingerprint of the model alone, one of these; returns
    which.
    """
    done = []
    for name in (LESSONS, LEVERS, SCENARIOS):
        path = root / RESULTS / name
        held = _read(path) if path.is_file() else {}
        stamps = held.get("made_with", held)
        if name == SCENARIOS:
            fits = bool(stamps) and all(one.get("code") in codes for one in stamps.values())
            new = {who: carried(one, now.version, now.model) for who, one in stamps.items() if fits}
        else:
            fits = stamps.get("code") in codes
            new = carried(stamps, now.version, now.model) if fits else {}
        if fits:
            whole = {**held, "made_with": new} if "made_with" in held else new
            path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
            done.append(name)
    return done


def _read(path: Path) -> Held:
    held: Held = json.loads(path.read_text(encoding="utf-8"))
    return held


def _write(path: Path, held: Held) -> None:
    path.write_text(to_text(held), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Remember or carry; returns the exit code."""
    now = here()
    if arguments == ["--remember"]:
        if changed := _git("status", "--porcelain", DIGESTS):
            sys.exit(f"commit the golden net first: {changed}")
        found = remember(now, quick_sums, _git("rev-parse", "HEAD"), ROOT)
        print(f"remembered: {', '.join(found) or 'nothing, no result is of the code that runs'}")
        return 0
    if arguments:
        sys.exit("Use: python -m tools.docs.carry_results [--remember]")
    for line in carry(now, given_here, ROOT):
        print(line)
    return 0


def given_here(parts: Mapping[str, Held]) -> Given:
    """What this code gives; where the net tells it apart nothing more is run."""
    for commit in sorted({then["commit"] for then in parts.values()}):
        if net := net_since(commit):
            return Given({}, net)
    return Given(quick_sums(parts), "")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
