"""The designs that ship, by name, and a design to start from."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from coercivity.model.basis.errors import InputError, shorten, suggest
from coercivity.model.basis.inputs import is_name
from coercivity.model.basis.yaml_text import dump_yaml

ENDING: Final = ".yaml"
LONGEST_NAME: Final = 80
FRESH: Final = """\
# {named}: a design to start from. Run it with: coercivity sweep run FILE --out DIR
{name}
why: Does a slow licensing office hurt?
scenario: japan-2026      # a shipped name (coercivity scenarios list), a file, or a list of these
months: 60                # of every run
seeds: 8                  # seeds 0 to 7: the same luck at every point
method: grid              # or list, lhs, sobol, morris, oat, collection
# samples: 64             # for lhs, sobol, morris and collection: how many
parameters:               # see: coercivity parameters
  licence_clock_months: [1, 2, 4]
  over_compliance: [0, 0.7]
outcomes: [first_stop_days, firms_stopped_share, output_lost_24m]
# keep: [prices]          # result tables stored for each run
"""


def designs_folder() -> Path:
    """The folder of the shipped designs."""
    return Path(str(files("coercivity.experiments.sweep") / "designs"))


@lru_cache(maxsize=1)
def list_designs() -> tuple[str, ...]:
    """The names of the shipped designs, in alphabetical order."""
    return tuple(sorted(path.stem for path in designs_folder().glob(f"*{ENDING}")))


def design_path(name: str) -> Path:
    """The file of a shipped design. Raises InputError for a name that none has."""
    if not is_name(name, list_designs()):
        raise unknown_design_error(name)
    return designs_folder() / f"{name}{ENDING}"


def unknown_design_error(name: object) -> InputError:
    """The one line for a design that is neither shipped nor a file."""
    return InputError(
        "design '{value}' is not known",
        "{fix} (or give the path of a .yaml file)",
        value=name,
        fix=suggest(name, list_designs()),
    )


def new_design_text(name: str, like: str | None = None) -> str:
    """The text of a design file to start from, with comments; it is accepted as it is. like: the
    shipped design that it copies.
    """
    named = shorten(name, LONGEST_NAME)
    own = dump_yaml({"name": named}).strip()
    if like is None:
        return FRESH.format(named=named, name=own)
    text = design_path(like).read_text(encoding="utf-8")
    return text.replace(f"name: {like}\n", f"{own}\n", 1)
