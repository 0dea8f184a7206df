"""What a visitor asked to see, read from the address or from the page's own fields, and checked before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from coercivity.model.errors import InputError, shorten, suggest
from coercivity.model.names import STATES

DEFAULT_SCENARIO = "japan-2026"
LARGEST_SEED = 2**32 - 1  # what a number field of every browser holds exactly
_FIELDS = ("scenario", "seed", "state")


@dataclass(frozen=True)
class Choice:
    """One history to show: a scenario of the project's own, a seed, and the state to look at."""

    scenario: str = DEFAULT_SCENARIO
    seed: int = 1
    state: str = "Japan"

    def query(self) -> str:
        """Return the part of the address after '?', which shows the same history again."""
        return urlencode({"scenario": self.scenario, "seed": self.seed, "state": self.state})


def read_query(search: str | None, scenarios: tuple[str, ...]) -> Choice:
    """Return the choice that the address asks for. Raises InputError that names the field, the value and what would be right."""
    try:
        given = parse_qs((search or "").lstrip("?"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise InputError("the address has more than 50 fields; write ?scenario=...&seed=...&state=...") from None
    fields: dict[str, str] = {}
    for name in _FIELDS:  # other fields are other people's trackers
        values = given.get(name, [])
        if len(values) > 1:
            raise InputError(f"{name} stands {len(values)} times in the address; write it once")
        if values:
            fields[name] = values[0]
    return check(**fields, scenarios=scenarios)


def check(*, scenarios: tuple[str, ...], scenario: str = DEFAULT_SCENARIO, seed: str | int = 1, state: str = "Japan") -> Choice:
    """Return the choice if each of its parts is known, else raise InputError. Only scenarios by name: a page reads no files."""
    if scenario not in scenarios:
        raise InputError(f"scenario '{shorten(scenario)}' is not known; {suggest(scenario, scenarios)}")
    if state not in STATES:
        raise InputError(f"state '{shorten(state)}' is not known; {suggest(state, STATES)}")
    text = str(seed).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_SEED):
        raise InputError(f"seed '{shorten(text)}' is not a whole number from 0 to {LARGEST_SEED}; write for example 1")
    return Choice(scenario, int(text), state)
