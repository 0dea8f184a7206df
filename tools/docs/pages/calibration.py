"""The page of the calibration: what the record leaves of the parameters, what is identifiable, and
what the model cannot reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any, Final

from coercivity.experiments.calibration.calm_world import MOST_LOST
from coercivity.model.basis.gone_names import GONE_PARAMETERS, NOW_CONSTANTS
from coercivity.model.basis.parameters import load_parameters
from coercivity.viz.words import calibration_text as words
from coercivity.viz.words.dates import date_in_words
from tools.docs.kit.documents import Document
from tools.docs.pages.text import TEMPLATES, Row

OLDER_LINE: Final = "2024-12"  # of a record that does not say up to which month it was fitted


def pages(document: Document) -> dict[str, str]:
    """Return the one page; it says itself what made it."""
    return {"calibration.md": calibration_page(document["found"])}


def tables(document: Document) -> dict[str, list[Row]]:
    """Return targets and parameters."""
    return {f"calibration-{name}": document["found"][name] for name in ("targets", "parameters")}


def calibration_page(results: Mapping[str, Any]) -> str:
    """Return the page, from the record of a calibration (`calibration.json`)."""
    names = {row["name"] for row in results["parameters"]}
    most = sorted(results["screening"].items(), key=lambda item: -item[1])
    told = {
        "results": results,
        "words": words,
        "most_lost": MOST_LOST,
        "line": date_in_words(results.get("line", OLDER_LINE)),
        "names": names,
        "most": most[: 2 * len(names)],
        "unmet": [row for row in results["targets"] if row["least"] > results["far"]],
        "documented": dict.fromkeys(GONE_PARAMETERS, "gone since (decision 0091)")
        | {name: f"now {value:g}, a constant" for name, value in NOW_CONSTANTS.items()}
        | {row.name: f"{row.low:g} to {row.high:g}" for row in load_parameters()},
        "waves": list(map(foretold, results.get("emulator", ()))),
    }
    return TEMPLATES.get_template("calibration.md").render({**results, **told})


def foretold(wave: Mapping[str, Any]) -> dict[str, Any]:
    """Return how well the emulator that proposed a wave foretold it."""
    least = min(wave["covered"], key=wave["covered"].__getitem__)
    return {
        "explained": median(wave["explained"].values()),
        "covered": median(wave["covered"].values()),
        "name": least,
        "least": wave["covered"][least],
    }
