"""Results of the paper kit that the pages show: small copies of docs/results that are installed
with the package.

`python -m tools.docs.write_result_pages` writes the copies whenever it writes the documentation,
from the same documents; a test holds that they are equal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from coercivity.experiments.sweep.fingerprints import collection_code, results_code
from coercivity.model.basis.errors import InputError, suggest
from coercivity.model.results.result import model_version
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import Scenario, load_shipped
from coercivity.viz.words.language import say

Document = dict[str, Any]
KEYS: Final = ("part", "coercivity", "code", "worlds", "quick", "collection", "found")
MADE_BY: Final[Mapping[str, str]] = {  # part -> the module whose code its results rest on
    "claims": "coercivity.experiments.claims.run_claims",
    "backtest": "coercivity.experiments.backtest.run_backtest",
}
FOLDER: Final = Path(__file__).parents[1] / "data" / "results"
LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "claims": (),
    "backtest": ("lines",),
}  # part -> what its page does not draw
STAMP: Final = ("coercivity", "code", "collection")  # what results must share with the code here


def read_document(path: Path) -> Document:
    """Read results. Raises InputError, one line, for a file that is not there or holds none."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = None
    if not isinstance(held, dict) or any(key not in held for key in KEYS):
        raise InputError(
            "results '{file}' are missing or damaged", "install Coercivity again", file=path.name
        )
    return held


def shown_part(document: Document) -> Document:
    """The part of a document that the pages show."""
    results = {
        name: value
        for name, value in document["found"].items()
        if name not in LEFT_OUT[document["part"]]
    }
    return {**document, "found": results}


@cache
def load_shown(part: str) -> Document:
    """The copy that is installed. Raises InputError for another part, or a damaged file."""
    if part not in LEFT_OUT:
        raise InputError("results '{value}' are not shown", suggest(part, LEFT_OUT), value=part)
    return read_document(FOLDER / f"{part}.json")


def backtest_of(scenario: Scenario) -> Document | None:
    """The backtest that is installed, where it ran this very scenario; None for one that was
    changed. Raises InputError for a damaged file.
    """
    name = scenario.name
    if name not in list_scenarios() or load_shipped(name) != scenario:
        return None
    return load_shown("backtest")


def version_note(document: Document, command: str) -> str:
    """What a reader of a terminal must know where the results are those of another version than
    the one that is installed; else empty. What pages say is `origin_words`.
    """
    made_with, here = str(document["coercivity"]), model_version()
    if made_with == here:
        return ""
    return (
        f"These results were made with version {made_with} of the model; this is {here}, which may "
        f"answer otherwise. To have its own: {command}"
    )


@cache
def current_stamp(part: str) -> str:
    """The stamp that results of a part would bear if they were made here and now, as JSON; some two
    seconds, for every file that the part rests on is read.
    """
    stamp = (model_version(), results_code(MADE_BY[part]), collection_code())
    return json.dumps(dict(zip(STAMP, stamp, strict=True)))


def origin_words(document: Document, here: str, command: str) -> dict[str, Any]:
    """Whether results are of the code that runs, in words: {words, current}; *here*: what
    `current_stamp` says, '' while that is not known. command: what makes them anew. The code's mark
    is only compared: each part rests on files of its own, so that marks of two parts differ.
    """
    if not here:
        return {"words": "", "current": None}
    mine, now = {name: str(document[name]) for name in STAMP}, json.loads(here)
    told = {"version": mine["coercivity"], "command": command}
    if document["quick"]:
        return {
            "words": say(
                "These are results of short designs of coercivity {version}, not for citation. To "
                "have its own: {command}",
                **told,
            ),
            "current": False,
        }
    if mine == now:
        return {
            "words": say(
                "These are results of the code that runs here, coercivity {version}.",
                **told,
            ),
            "current": True,
        }
    if all(mine[name] == now[name] for name in ("coercivity", "code")):
        return {
            "words": say(
                "These are results of the code that runs here, coercivity {version}, with other "
                "parameter vectors than are shipped now. To have its own: {command}",
                **told,
            ),
            "current": False,
        }
    return {
        "words": say(
            "These are results of coercivity {version}, of other code than runs here, which may "
            "answer otherwise. To have its own: {command}",
            **told,
        ),
        "current": False,
    }
