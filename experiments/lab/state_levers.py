"""The levers of a state other than Japan: those of ``model/data/levers.csv`` in which Japan, its
makers and its allies stand, made for the state that is looked at, its government and its allies.

An id is the state or government and what its lever does: `germany_measure`, `eu_stockpile`. Levers
that are the same for everybody (China's licences, the American price floor) are the table's own.
Texts are templates, so that a page can say them in its visitor's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from coercivity.experiments.quantities.headlines import EXPORTER, FOCUS, name_in_id
from coercivity.model.basis.errors import Phrase
from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import EU

Say: TypeAlias = Callable[..., str]  # finds a text in a language and fills in its {names}
AMERICA: Final = "United States"
PURSES: Final = (AMERICA, EU, "Japan")  # governments that support plants of others
ALONE: Final = ("Russia", "Myanmar")  # whose plants nobody else supports
NO_STATE: Final = "Rest of world"
IN_SENTENCE: Final[Mapping[str, str]] = {
    AMERICA: "the United States",
    "United Kingdom": "the United Kingdom",
    EU: "the EU",
    "Rest of EU": "the rest of the EU",
    NO_STATE: "the rest of the world",
}

# id in levers.csv -> what the lever does; the same for every state
ROLES: Final[Mapping[str, str]] = {
    "china_measure": "measure",
    "china_months": "months",
    "china_licences": "licences",
    "japan_stockpile": "stockpile",
    "japan_plants": "plants",
    "allies_money": "money",
    "allies_floor": "floor",
    "allies_tariff": "tariff",
    "firms_stock": "stock",
    "firms_switch": "switch",
}
BY_GOVERNMENT: Final = ("stockpile", "plants", "money", "tariff")
ALLIES: Final[Mapping[str, str]] = {
    EU: "Allies: US and Japan",
    AMERICA: "Allies: EU and Japan",
    "": "Allies: US and EU",
}
TARGET: Final = "Target: {owner}"
FIRMS: Final = "Firms in {the_state}"
BY_HALF_A_POINT: Final = (
    "Money does not shorten the four to five years that a separation plant takes. With the "
    "scenario that the lab opens with, all of it lowers China's share of what is separated by "
    "about half a point until 2038, and moves nothing beyond luck in what makers at home lose or "
    "pay."
)
# what the page says of a lever of another state than Japan; what is not here is as for Japan
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "measure": {
        "label": "Measure against {the_state}",
        "what": (
            "From the month on, China's acts that name {the_state} are replaced by this one; "
            "against others whom they name they stay."
        ),
        "example": (
            "Against Japan, January 2026: a ban for military users and uses; civilian users are "
            "free on paper."
        ),
    },
    "months": {
        "what": (
            "China's acts that name {the_state} end after so many months, and stay against others "
            "whom they name; at 0 they stay as written. Where the scenario has none, this does "
            "nothing without a measure above."
        ),
    },
    "stockpile": {
        "group": TARGET,
        "what": (
            "A reserve of heavy oxides and magnets, built by {the_owner} in calm markets since the "
            "first month of the run, or from the month of a change; users at home whose orders "
            "stay unfilled are served from it."
        ),
    },
    "plants": {
        "group": TARGET,
        "what": (
            "Half of the capital cost of separation, metal and magnet plants at home and in "
            "friendly states, lent by {the_owner}."
        ),
        "example": (
            "Japan, 2011: USD 250 million and a supply contract for Lynas; 2023: USD 134 million "
            "more for its heavy oxides."
        ),
        "limits": BY_HALF_A_POINT,
    },
    "money": {
        "limits": BY_HALF_A_POINT,
        "what": (
            "Half of this each from {one} and {two}, for half of the capital cost of separation, "
            "metal and magnet plants in friendly states, {the_owner} among them; their support is "
            "pooled with that of {the_owner}."
        ),
    },
    "tariff": {
        "group": TARGET,
        "what": "A tax on magnets from China, by {the_owner} alone.",
        "limits": "It makes cars dearer at home, and moves no plant by itself.",
    },
    "stock": {
        "group": FIRMS,
        "what": "Every buyer there aims at so many more months of stock than is its habit.",
    },
    "switch": {
        "group": FIRMS,
        "what": (
            "Buyers there weigh a Chinese supplier so much less than its price deserves, and seek "
            "others."
        ),
    },
}
# the same for a member of the EU, whom an act against the EU names too
TEXTS_IN_EU: Final[Mapping[str, Mapping[str, str]]] = {
    "measure": {
        "what": (
            "From the month on, China's acts that name {the_state} or the EU are replaced by this "
            "one; against others whom they name, other members among them, they stay."
        ),
    },
    "months": {
        "what": (
            "China's acts that name {the_state} or the EU end for {the_state} after so many "
            "months, and stay against others whom they name, other members among them; at 0 they "
            "stay as written. Where the scenario has none, this does nothing without a measure "
            "above."
        ),
    },
}
# what a government has done itself, where the timeline knows of it: example and source
OWN_EXAMPLES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    (EU, "stockpile"): (
        "December 2025: the EU announces a stockpile pilot for 2026.",
        "ranges assumed; timeline.csv T058",
    ),
    (EU, "plants"): (
        "December 2025: the EU announces up to EUR 3 billion within twelve months.",
        "ranges assumed; timeline.csv T058",
    ),
    (AMERICA, "stockpile"): (
        "February 2026: Project Vault, USD 12 billion for 60 minerals.",
        "ranges assumed; timeline.csv T066",
    ),
    (AMERICA, "plants"): (
        "February 2026: USD 565 million for Serra Verde in Brazil, with an option on shares.",
        "ranges assumed; timeline.csv T086",
    ),
    ("South Korea", "plants"): (
        "February 2026: KRW 250 billion for mines abroad.",
        "ranges assumed; timeline.csv T087",
    ),
}
# why a state has no lever that the others have
NO_PRICE_FLOOR_AT_HOME: Final = (
    "It pays for light rare earths in the states that are named as friends; plants in {the_state} "
    "are not among them."
)
MISSING: Final[Mapping[str, str]] = {
    "exporter": (
        "China is the exporter here: it takes no measure against itself, and nobody pays it to "
        "depend less on itself. What it does to others is set with another state to look at."
    ),
    "alone": (
        "The United States, the EU and Japan support no plants of {the_state} here, so that the "
        "levers of allies are not shown."
    ),
    "no state": (
        "The rest of the world is many states: no measure names them, they have no common treasury "
        "and no allies here, so that the firms' levers are all they have beside China's licences."
    ),
}
SHARED_PURSE: Final = "{the_state} has no treasury of its own here: the EU acts and pays."


@dataclass(frozen=True)
class Lever:
    """One lever: where it stands in the page, what it may be set to, and what the page says about
    it. `options` are words for 0, 1, ... `role`: what it does; `owner`: the state or government
    whose it is, '' where it is everybody's. `wording`: templates of the texts that have {names},
    by column, and `names` what stands in these.
    """

    id: str
    group: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    rest: float
    options: tuple[str, ...]
    what: str
    example: str
    limits: str
    source: str
    role: str = ""
    owner: str = ""
    wording: tuple[tuple[str, str], ...] = ()
    names: tuple[tuple[str, str], ...] = ()

    @property
    def is_from_start(self) -> bool:
        """Whether it asks what had been done in time: at the start of the story it counts from the
        first month of the run.
        """
        return self.role == "stockpile"

    def phrase(self, column: str) -> Phrase:
        """A text of the lever as a message holds it."""
        return Phrase.of(
            dict(self.wording).get(column) or str(getattr(self, column)),
            **{name: Phrase(text) for name, text in self.names},
        )

    def said(self, column: str, say: Say) -> str:
        """A text of the lever in a language."""
        template = dict(self.wording).get(column)
        if template is None:
            text = str(getattr(self, column))
            return say(text) if text else ""
        return say(template, **{name: say(text) for name, text in self.names})


def in_sentence(name: str) -> str:
    """A state or government as it stands in a sentence."""
    return IN_SENTENCE.get(name, name)


def has_role(state: str, role: str) -> bool:
    """Whether a state, or the others for it, can pull such a lever."""
    if role in ("licences", "stock"):
        return True
    if state in (EXPORTER, NO_STATE):
        return role == "switch" and state == NO_STATE
    return not (state in ALONE and role in ("money", "floor"))


def missing_lever_reason(state: str) -> tuple[str, dict[str, str]] | None:
    """Why a state has not all levers: a sentence and what stands in it; None where it has all."""
    why = (
        "exporter"
        if state == EXPORTER
        else "no state"
        if state == NO_STATE
        else "alone"
        if state in ALONE
        else ""
    )
    return (MISSING[why], {"the_state": in_sentence(state)}) if why else None


def givers(government: str) -> tuple[str, ...]:
    """The two governments that support plants beside this one."""
    return tuple(name for name in PURSES if name != government)[:2]


def lever_of(state: str, base: Lever) -> Lever:
    """The lever of a state that does what one of Japan's does; everybody's own where it is the
    same.
    """
    government, role = Facts.default().government_of(state), base.role
    if role == "licences":
        return base
    changed: dict[str, str] = {}
    if role in ("floor", "money", "tariff"):
        changed["group"] = ALLIES.get(government, ALLIES[""])
    if role == "floor":
        if government == AMERICA:
            changed["group"] = TARGET
        elif government != FOCUS and state not in FRIENDS:
            changed["limits"] = NO_PRICE_FLOOR_AT_HOME
        return _reword_lever(base, base.id, base.owner, state, changed)
    if role == "tariff" and government in PURSES:  # the three tax together
        return _reword_lever(base, base.id, base.owner, state, changed)
    owner = government if role in BY_GOVERNMENT else state
    changed |= TEXTS.get(role, {})
    if government == EU:
        changed |= TEXTS_IN_EU.get(role, {})
    if (owner, role) in OWN_EXAMPLES:
        changed["example"], changed["source"] = OWN_EXAMPLES[owner, role]
    return _reword_lever(base, f"{name_in_id(owner)}_{role}", owner, state, changed)


def _reword_lever(
    base: Lever, name: str, owner: str, state: str, changed: Mapping[str, str]
) -> Lever:
    """A lever with another id and owner, and with some of its texts changed."""
    government = Facts.default().government_of(state)
    one, two = givers(government)
    whose = owner or government
    names = {
        "owner": government if base.role == "floor" else whose,
        "the_owner": in_sentence(whose),
        "the_state": in_sentence(state),
        "one": in_sentence(one),
        "two": in_sentence(two),
    }
    fields = {column: getattr(base, column) for column in Lever.__dataclass_fields__}
    texts = {column: text.format(**names) for column, text in changed.items()}
    wording = tuple((column, text) for column, text in changed.items() if "{" in text)
    return Lever(
        **{
            **fields,
            **texts,
            "id": name,
            "owner": owner,
            "wording": wording,
            "names": tuple(names.items()) if wording else (),
        }
    )


# where supported plants may stand, beside those of who is supported
FRIENDS: Final = (
    "Japan",
    "Australia",
    "Malaysia",
    "Vietnam",
    "United States",
    "France",
    "Rest of EU",
    "Canada",
    "Brazil",
)


def hosts_of(government: str) -> list[str]:
    """Where plants that are supported for a government may stand: with friends, and at home."""
    home = Facts.default().eu_states if government == EU else (government,)
    return [*FRIENDS, *(state for state in home if state not in FRIENDS)]


def every_text() -> tuple[str, ...]:
    """The texts and templates of all states, and names as they stand in sentences, for the
    translators.
    """
    tables = (TEXTS, TEXTS_IN_EU)
    texts = [text for table in tables for columns in table.values() for text in columns.values()]
    texts += [example for example, _ in OWN_EXAMPLES.values()]
    others = (NO_PRICE_FLOOR_AT_HOME, SHARED_PURSE, *MISSING.values(), *IN_SENTENCE.values())
    return tuple(dict.fromkeys((*texts, *ALLIES.values(), *others)))
