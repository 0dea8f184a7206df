"""The claims as they were written down before the first run: model/data/claims.csv, one row a
claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from coercivity.model.basis.errors import InputError, Phrase, suggest, unknown_value_error
from coercivity.model.basis.facts import Facts, cached_by_facts
from coercivity.model.basis.fixed_names import MECHANISMS
from coercivity.model.basis.parameters import parameters_of

LEVERS: Final = (
    "duration_months",
    "case_scale",
)  # what a flip may move besides parameters: levers of the scenario, read by the experiment


@dataclass(frozen=True)
class Claim:
    """One row: whose words, the metric, when it counts as holding, what is switched off for the
    placebo and what is moved to find the flip.
    """

    id: str
    claim: str
    who: str
    words: str
    other_who: str
    other_words: str
    metric: str
    unit: str
    low: float | None
    high: float | None
    threshold: str
    scenario: str
    placebo: str
    placebo_words: str
    flip: str
    flip_low: float
    flip_high: float
    flip_unit: str
    source: str
    url: str
    other_source: str
    other_url: str
    confidence: str
    note: str
    cannot: str  # what the model cannot tell

    def holds(self, value: float) -> bool:
        """Whether the claim holds in a draw with this value of the metric: low <= value <= high."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def placebo_changes(self) -> tuple[dict[str, bool], dict[str, float]]:
        """Mechanisms to switch off and parameters to set for the placebo."""
        mechanisms: dict[str, bool] = {}
        parameters: dict[str, float] = {}
        for part in self.placebo.split(";"):
            name, equals, value = part.strip().partition("=")
            if equals:
                parameters[name] = float(value)
            else:
                mechanisms[name] = False
        return mechanisms, parameters


def load_claims() -> tuple[Claim, ...]:
    """All claims in the order of the file, as the facts of this process have them. Raises
    InputError where a row names a flip or a placebo that does not exist.
    """
    return claims_of(Facts.default())


@cached_by_facts
def claims_of(facts: Facts) -> tuple[Claim, ...]:
    """The same of any facts."""
    table, known = facts.table("claims"), parameters_of(facts)
    claims = tuple(
        Claim(**{name: row[name] for name in Claim.__dataclass_fields__}) for row in table
    )
    for claim in claims:
        if claim.flip not in LEVERS and claim.flip not in known:
            raise _not_known(claim, "flip", claim.flip, (*LEVERS, *known.names)).within(table.file)
        for name in claim.placebo_changes()[0]:
            if name not in MECHANISMS:
                raise _not_known(claim, "placebo", name, MECHANISMS).within(table.file)
    return claims


def _not_known(claim: Claim, column: str, value: str, options: Iterable[str]) -> InputError:
    where = Phrase.of("claim {claim}, column {column}", claim=claim.id, column=column)
    return InputError("'{value}' is not known", suggest(value, options), where=where, value=value)


def choose_claims(ids: Iterable[str] = (), facts: Facts | None = None) -> tuple[Claim, ...]:
    """The claims with these ids in the order asked, each once; all of them without ids. facts:
    those of this process unless given. Raises InputError for an unknown id.
    """
    by_id = {claim.id: claim for claim in claims_of(facts or Facts.default())}
    wanted = list(dict.fromkeys(one.upper() for one in ids))
    for name in wanted:
        if name not in by_id:
            raise unknown_value_error("claim", name, by_id)
    return tuple(by_id[one] for one in wanted) if wanted else tuple(by_id.values())
