"""Calibration from Python: parameter vectors drawn from what the record to December 2025 leaves,
as frames.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.calibration import calibration_files, study
from coercivity.experiments.studies.arguments import in_words_of_a_call, whole_argument
from coercivity.model.basis.errors import InputError, Phrase, shorten
from coercivity.model.basis.inputs import path_of

if TYPE_CHECKING:
    import pandas as pd

DOCUMENT: Final = "calibration.json"
COLLECTION: Final = "collection.csv"
LIMITS: Final[Mapping[str, tuple[int, int]]] = {  # of each size, lowest and highest
    "vectors": (10, 100_000),
    "waves": (1, 50),
    "seeds": (2, 100),
    "trajectories": (2, 1000),
}


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a calibration left in its folder: calibration.json (`document`) and collection.csv."""

    folder: Path
    document: Mapping[str, Any]

    def targets(self) -> pd.DataFrame:
        """One row a target to December 2025: id, record, kind, what the shipped vector gives, low
        and high of the first wave (`wide`) and of the members (`kept`), sd_record and sd_luck
        (scaled), least: how near any run came (deviations), met: share of first vectors within
        three.
        """
        return _flatten_rows(self.document["targets"], ("wide", "kept"))

    def parameters(self) -> pd.DataFrame:
        """One row a calibrated parameter, each in its own unit: p05, median and p95 of the
        members, left: how much of its range they still span (0-1), identified: whether the
        record narrows it, at_bound: the end that they lean on.
        """
        return _flatten_rows(self.document["parameters"], ())

    def collection(self) -> pd.DataFrame:
        """One row a member, by its id; one column a parameter, in its own unit
        (`parameters()` of the package names it).
        """
        import pandas as pd

        return pd.read_csv(self.folder / COLLECTION, index_col="id")

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: what `coercivity calibrate --json` prints."""
        return dict(self.document)


def _flatten_rows(rows: list[dict[str, Any]], ranges: tuple[str, ...]) -> pd.DataFrame:
    """Rows as a frame; a range becomes two columns."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    for name in (one for one in ranges if one in frame):
        bounds = [cell or {} for cell in frame.pop(name)]
        for side in dict.fromkeys(key for cell in bounds for key in cell):
            frame[f"{name}_{side}"] = [cell.get(side) for cell in bounds]
    return frame


@in_words_of_a_call
def calibrate(
    out: str | Path,
    *,
    vectors: int = 500,
    waves: int = 4,
    seeds: int = 2,
    trajectories: int = 6,
    workers: int = 0,
    say: Callable[[str], None] | None = None,
) -> Calibration:
    """Draw parameter vectors from what the record to December 2025 leaves, and write them into a
    folder; the same call resumes.

    out: a new or empty folder, or that of this calibration. vectors: of each wave; waves: each
    is run where the record is likely by those before, and the last one is kept; seeds: histories of
    a vector, whose variance is luck; trajectories: of the Morris screening. workers: processes; 0
    takes one for each usable core. say: is told a line a step. With these sizes it takes hours on
    two cores.

        found = coercivity.calibrate("runs/calibration", say=print)
        found.targets()[["id", "record", "shipped", "least"]]

    Sources: implausibility and waves, Craig et al. (1997), Vernon, Goldstein & Bower (2010);
    Student's t, Lange, Little & Taylor (1989); chains, ter Braak (2006).
    Raises InputError, one line, for a size or a folder that does not fit, before any run;
    SweepStopped where it has to end early: what was written stays.
    """
    sizes = {
        "vectors": vectors,
        "waves": waves,
        "seeds": seeds,
        "trajectories": trajectories,
    }
    setting = study.Setting(
        **{name: whole_argument(value, name, *LIMITS[name]) for name, value in sizes.items()}
    )
    found = study.calibrate(out, setting, workers, say or _discard_line)
    return Calibration(path_of(out, "--out"), calibration_files.write_study(found, out))


@in_words_of_a_call
def read_calibration(folder: str | Path) -> Calibration:
    """What a calibration left in a folder. Raises InputError where there is none."""
    place = path_of(folder, "folder")
    try:
        document = json.loads((place / DOCUMENT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is damaged"
        raise InputError(
            "{file} cannot be read ({reason})",
            "give the folder of a calibration that has ended",
            where=Phrase.of("folder '{folder}'", folder=Phrase(shorten(folder, 200))),
            file=DOCUMENT,
            reason=why,
        ) from None
    return Calibration(place, document)


def _discard_line(line: str) -> None:
    """Say nothing."""
