"""What becomes of an input: a command run in this process or another, a scenario that begins to
live, and the words for one that was refused.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Final

from coercivity.model.basis.errors import LONGEST_MESSAGE, InputError
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World
from coercivity.viz.words.language import languages, speaking
from coercivity.viz.words.refusals import refusal_in_words
from tools.check.invariants import step_and_check

MONTHS: Final = 3  # of a scenario that was accepted
ROOT: Final = str(Path(__file__).resolve().parents[2])
SECRETS: Final = (
    ROOT,
    "site-packages",
    "Traceback",
    "/usr/lib/python",
)  # what no visitor of a page is told


def begun(*scenarios: Scenario) -> None:
    """What was accepted can be lived: a world of it is built and has its first months, unless it
    would be a large one.
    """
    for scenario in scenarios:
        if dict(scenario.parameters).get("firms_per_sector", 3.0) <= 3.0:
            world = World(scenario, 1)
            for _ in range(min(scenario.months, MONTHS)):
                step_and_check(world)


def not_one_line(told: str, page: bool = False) -> str:
    """What is wrong with the words for an input that was refused; empty where they are one short
    line that can be printed anywhere.
    """
    if not told.strip() or not told.isprintable():
        return f"no line that can be printed: {told[:300]!r}"
    if len(told) > LONGEST_MESSAGE + 20:
        return f"{len(told)} characters: {told[:300]!r}"
    shown = (
        next((secret for secret in SECRETS if secret in told), "")
        if page
        else "Traceback"
        if "Traceback" in told
        else ""
    )
    return f"shows {shown}: {told[:300]!r}" if shown else ""


def not_a_refusal(error: InputError, page: bool = False) -> str:
    """What is wrong with a refusal; empty where it has a fix, and is one short line in a terminal
    and on a page in every language.
    """
    if error.fields and not str(error.fix):
        return f"no fix: {error}"
    words = {"": str(error)}
    for code in languages():
        with speaking(code):
            words[code] = refusal_in_words(error)
    wrong = {code: not_one_line(said, page=page) for code, said in words.items()}
    return next((f"{code} {fault}".lstrip() for code, fault in wrong.items() if fault), "")


class Refusal(Exception):
    """The lines in which a page or a command refuses, as its reader got them."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines


def told_on_page(*lines: str) -> None:
    """Raise what a page says, if it says anything."""
    if said := [line for line in lines if line]:
        raise Refusal(*said)


def command(arguments: list[str]) -> None:
    """A command line in this process. Raises Refusal with what was said on standard error where the
    exit code is 2, AssertionError for other codes.
    """
    import typer.testing

    from coercivity.cli import app

    result = typer.testing.CliRunner().invoke(app, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    judge(result.exit_code, result.stderr, arguments)


def program(rng: random.Random, arguments: list[str]) -> None:
    """The same in a process and a locale of its own."""
    odd: dict[str, str] = rng.choice(
        (
            {},
            {"LC_ALL": "C"},
            {"PYTHONIOENCODING": "ascii"},
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        )
    )
    environment = {**os.environ, "PYTHONWARNINGS": "error", **odd}
    done = subprocess.run(
        [sys.executable, "-m", "coercivity", *arguments],
        capture_output=True,
        env=environment,
        timeout=60,
        check=False,
    )
    judge(done.returncode, done.stderr.decode("utf-8", "backslashreplace"), arguments)


def judge(code: int, told: str, arguments: list[str]) -> None:
    """Raise `Refusal` with the one line of a refusal, AssertionError for any other failure."""
    if code == 0:
        return
    if code != 2:
        raise AssertionError(f"exit code {code} of {arguments!r:.300}: {told[-300:]!r}")
    lines = [line for line in told.splitlines() if not line.startswith("coercivity: warning:")]
    if told.startswith("Usage:"):  # nothing was asked for
        return
    if len(lines) != 1 or not told.endswith("\n") or not lines[0].startswith("coercivity: "):
        raise AssertionError(f"not one line for {arguments!r:.300}: {told[:400]!r}")
    raise Refusal(lines[0].removeprefix("coercivity: "))
