"""`python -m tools.mutants`: tries a sample of mutants and prints, by room, how many the tests
notice, and every one that they do not.
"""

from __future__ import annotations

import argparse
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import yaml

from tools.mutants import cover, tree, trial
from tools.mutants.sites import ROOMS, Mutant, sample
from tools.mutants.trial import Outcome

MOST: Final = 25.0  # seconds of tests that one mutant is worth
PATIENCE: Final = (
    5.0  # a run that takes so many times as long as it did without the mutant does not end
)
START: Final = 30.0  # seconds for loading
# how much longer than seconds of the processor a run may take on a busy machine before it counts as
# waiting for ever
BUSY: Final = 10.0
EQUIVALENT: Final = Path(__file__).with_name("equivalent.yaml")


def main() -> None:
    """Read the command line, look at the tests anew where they have changed, try the mutants,
    print.
    """
    parser = argparse.ArgumentParser(
        prog="make mutants", description="Do the tests notice when a line is wrong?"
    )
    parser.add_argument("--sample", type=int, default=200, help="number of mutants over all rooms")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", choices=ROOMS, default=list(ROOMS))
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time")
    parser.add_argument(
        "--only",
        default="",
        metavar="FILE:LINE",
        help="try every mutant of one file, or of one of its lines, in place of a sample",
    )
    asked = parser.parse_args()
    began = time.monotonic()
    tree.load_libraries()
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        trees = [tree.make_copy(Path(scratch) / str(number)) for number in range(asked.jobs)]
        print("Which tests run which line (kept in runs/mutants/cover):", flush=True)
        tree.run_all(asked.jobs, cover.missing_looks(trees))
        known = cover.load()
        print(
            f"{len(known.seconds)} tests; not asked, because they fail or are expected to fail on "
            f"an untouched copy: {len(known.failed)}",
            flush=True,
        )
        chosen = (
            every(asked.only)
            if asked.only
            else sample(tree.ROOT, asked.rooms, asked.sample, asked.seed)
        )
        try:
            tree.run_all(asked.jobs, trials(chosen, known, trees, outcomes))
        except KeyboardInterrupt:
            print(f"Cut short: {len(outcomes)} of {len(chosen)} mutants.")
    outcomes = sorted(
        (one for one in outcomes if one.end),
        key=lambda one: (ROOMS.index(one.mutant.file.split("/")[0]), one.mutant),
    )
    trial.remember(tree.WORK / f"outcomes-{asked.seed}.json", outcomes)
    show(outcomes)
    print(
        f"\nSeed {asked.seed}, {len(outcomes)} mutants, {(time.monotonic() - began) / 60.0:.0f} "
        "minutes. Each survivor wants a test or a reason."
    )


def every(only: str) -> list[Mutant]:
    """All mutants of `file` or `file:line`."""
    from tools.mutants.sites import mutants_of

    file, _, line = only.partition(":")
    places = mutants_of(file, (tree.ROOT / file).read_text(encoding="utf-8"))
    return [mutant for place in places for mutant in place if not line or mutant.line == int(line)]


def trials(
    chosen: list[Mutant], known: cover.Known, trees: list[Path], outcomes: list[Outcome]
) -> Iterator[tuple[float, Callable[[int], int], Callable[[int | None, float], None]]]:
    """Tasks for `tree.run_all`; what needs no run (equivalent, not covered) is settled at once."""
    reasons = {
        (row["file"], row["before"], row["after"])
        for row in yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or ()
    }
    for mutant in chosen:
        code = (tree.ROOT / mutant.file).read_text(encoding="utf-8")
        changed = mutant.apply(code)
        outcome = Outcome(mutant, *trial.changed_line(code, changed), "")
        outcomes.append(outcome)
        tests = known.asked(mutant, MOST)
        outcome.asked = len(tests)
        if (mutant.file, outcome.before, outcome.after) in reasons:
            outcome.end = trial.EQUIVALENT
        elif not tests:
            outcome.end = trial.NOT_COVERED
        if outcome.end:
            _tell(outcome)
            continue
        places: list[int] = []
        limit = START + PATIENCE * sum(known.seconds[test] for test in tests)

        def start(
            place: int,
            mutant: Mutant = mutant,
            changed: str = changed,
            tests: list[str] = tests,
            places: list[int] = places,
            limit: float = limit,
        ) -> int:
            places.append(place)
            at = trees[place].with_suffix(".failed")
            at.unlink(missing_ok=True)
            trial.put(trees[place], mutant.file, changed)
            return tree.fork(
                trees[place], trees[place].with_suffix(".log"), lambda: trial.ask(tests, at, limit)
            )

        def done(
            code: int | None,
            taken: float,
            outcome: Outcome = outcome,
            original: str = code,
            places: list[int] = places,
        ) -> None:
            trial.put(trees[places[0]], outcome.mutant.file, original)
            at = trees[places[0]].with_suffix(".failed")
            outcome.seconds = taken
            outcome.by = at.read_text(encoding="utf-8") if at.exists() else ""
            outcome.end = (
                trial.TIMEOUT
                if code in (None, -signal.SIGXCPU)
                else trial.SURVIVED
                if code == 0
                else trial.KILLED
            )
            if code in (4, 5):
                raise RuntimeError(
                    "pytest was asked wrongly: "
                    f"{trees[places[0]].with_suffix('.log').read_text(encoding='utf-8')[-2000:]}"
                )
            _tell(outcome)

        yield BUSY * limit, start, done


def _tell(one: Outcome) -> None:
    print(
        f"  {one.end:<11} {one.seconds:5.1f} s {one.asked:4d} tests  "
        f"{one.mutant.file}:{one.mutant.line}  {one.by}",
        flush=True,
    )


def show(outcomes: list[Outcome]) -> None:
    """The table by room, then every mutant that was not noticed."""
    ends = (trial.KILLED, trial.TIMEOUT, trial.SURVIVED, trial.NOT_COVERED, trial.EQUIVALENT)
    print(f"\n{'room':<12} {'mutants':>8}" + "".join(f" {end:>11}" for end in ends) + "   noticed")
    rooms = [
        room for room in ROOMS if any(one.mutant.file.startswith(f"{room}/") for one in outcomes)
    ]
    for room in rooms if len(rooms) == 1 else [*rooms, ""]:
        ones = [one for one in outcomes if one.mutant.file.startswith(f"{room}/" if room else "")]
        counts = [sum(one.end == end for one in ones) for end in ends]
        real = len(ones) - counts[-1]
        noticed = f"{(counts[0] + counts[1]) / real:9.0%}" if real else ""
        print(
            f"{room or 'all':<12} {len(ones):>8}"
            + "".join(f" {count:>11}" for count in counts)
            + f" {noticed}"
        )
    for one in outcomes:
        if one.end in (trial.SURVIVED, trial.NOT_COVERED):
            before, after = (text.replace("\n", "\n      ") for text in (one.before, one.after))
            print(
                f"\n{one.mutant.file}:{one.mutant.line} ({one.end}, {one.asked} tests)\n    - "
                f"{before}\n    + {after}"
            )


if __name__ == "__main__":
    main()
