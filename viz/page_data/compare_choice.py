"""What the compare page sets side by side: two settings of the lab with the same luck, and the
address that holds both.

    ?a=<query of a setting, percent-encoded>&b=<the same>

The seed and the state to look at are A's for both. An address with the fields of one setting
compares it (B) with its twin without what was moved (A).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote

from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import LONGEST, open_query, query_if_short
from coercivity.experiments.lab.link_reader import LeftOut, open_search
from coercivity.experiments.lab.setting import LabSetting, check_setting
from coercivity.experiments.quantities.headlines import focal_event
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.viz.words.act_text import dated_act
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.language import say
from coercivity.viz.words.lever_text import lever_in_words, value_in_words
from coercivity.viz.words.own_rows import MOST_ROWS, telling_rows

# by start, the scenario in which nothing new happens
CALM: Final = {"2024-01": "business-as-usual", "2026-01": "licences-2026"}
SIDES: Final = ("a", "b")


@dataclass(frozen=True)
class Pair:
    """Two settings with one seed and one state to look at."""

    a: LabSetting
    b: LabSetting

    def side(self, name: str) -> LabSetting:
        """The setting of a side, a or b."""
        return self.a if name == "a" else self.b


def pair_settings(a: LabSetting, b: LabSetting) -> Pair:
    """A pair in which B takes A's seed and state."""
    return Pair(a, replace(b, seed=a.seed, state=a.state))


def default_pair() -> Pair:
    """The scenario that the lab opens with beside its world without anything new."""
    return with_its_base(LabSetting())


Left = list[tuple[str, LeftOut]]  # side, '' where there is one link for both; what it lost


def read_pair(search: str | None, left: Left | None = None) -> Pair:
    """The pair of an address: with a list for what is *left* out, of all that is good of it.

    Raises InputError, one line, that names the side and what is wrong with it.
    """
    text = (search or "").lstrip("?")
    if len(text) > 3 * LONGEST:
        raise InputError(
            "the address has {count} characters",
            "use at most {high}",
            count=len(text),
            high=3 * LONGEST,
        )
    fields = dict(parse_qsl(text))
    if not any(name in fields for name in SIDES):
        return with_its_base(_open_query("", text, left)) if text else default_pair()
    default = default_pair()
    sides = [
        read_side(name, fields[name], left) if name in fields else default.side(name)
        for name in SIDES
    ]
    return pair_settings(*sides)


def with_its_base(setting: LabSetting) -> Pair:
    """A setting (B) beside its twin (A): a branch beside its base, moved levers beside none; a
    plain scenario beside its world without anything new.
    """
    calm = CALM.get(setting.shipped.start, CALM["2024-01"])
    other = setting.base_setting() or LabSetting(
        scenario=calm, seed=setting.seed, state=setting.state
    )
    return pair_settings(replace(other, seed=setting.seed, state=setting.state), setting)


def with_shipped_numbers(setting: LabSetting) -> Pair:
    """A setting (B) beside the same with the shipped numbers (A): what its own rows of tables
    change. Raises InputError where it has none, or where its acts speak of one of them.
    """
    other = setting.with_shipped_numbers()
    if other is None:
        raise InputError(
            "there are no numbers of your own in it",
            "put some in the lab, under “Your own numbers”",
        )
    other.asked()
    return pair_settings(replace(other, seed=setting.seed, state=setting.state), setting)


def _open_query(name: str, query: str, left: Left | None) -> LabSetting:
    """The setting of a query; with a list for what is left out, of all that is good of it."""
    if left is None:
        return open_query(query)
    setting, parts = open_search(query)
    left += [(name, part) for part in parts]
    return setting


def read_side(name: str, text: str, left: Left | None = None) -> LabSetting:
    """The setting of a pasted link or query. Raises InputError that names the side."""
    query = text.strip().partition("#")[0]
    query = (
        query.partition("?")[2] if "?" in query else query
    )  # no more of the address matters, and urlsplit raises for hosts such as [
    try:
        if not query or "=" not in query:
            raise InputError(
                "'{value}' is no link of the lab",
                "paste an address like ?scenario=japan-2026&seed=1",
                value=text,
            )
        setting = _open_query(name, query, left)
    except InputError as error:
        raise error.within(Phrase(name.upper())) from None
    return setting


def to_address(pair: Pair) -> str:
    """The part of the address after '?'; empty where an uploaded scenario is too long for one."""
    queries = {name: query_if_short(pair.side(name)) for name in SIDES}
    return (
        "&".join(f"{name}={quote(query, safe='')}" for name, query in queries.items())
        if all(queries.values())
        else ""
    )


def choose(
    pair: Pair, entries: dict[str, object], present: str = "", left: Left | None = None
) -> Pair:
    """The pair after a choice: {side, scenario} or {side, link} or {side, present} or {side, base}
    or {side, shipped}, or {seed} or {state} for both.

    base: the twin of the other side; shipped: the other side with the shipped numbers, all that was
    moved in it too. Raises InputError, one line, and then nothing has changed.
    """
    if "seed" in entries or "state" in entries:
        a = check_setting(
            seed=entries.get("seed", pair.a.seed), state=str(entries.get("state", pair.a.state))
        )
        return pair_settings(replace(pair.a, seed=a.seed, state=a.state), pair.b)
    name = str(entries.get("side"))
    if name not in SIDES:
        raise InputError("side '{value}' is not known", "choose A or B", value=name)
    other = pair.side("b" if name == "a" else "a")
    if "link" in entries:
        setting = read_side(name, str(entries["link"]), left)
    elif entries.get("present"):
        setting = read_side(name, present)
    elif entries.get("base"):
        setting = with_its_base(other).a
    elif entries.get("shipped"):
        setting = with_shipped_numbers(other).a
    else:
        setting = check_setting(scenario=str(entries.get("scenario")))
    if "link" in entries and name == "a":
        return pair_settings(setting, pair.b)  # A's link brings its own seed and state
    setting = replace(setting, seed=pair.a.seed, state=pair.a.state)
    return pair_settings(setting, other) if name == "a" else pair_settings(other, setting)


def words_of(setting: LabSetting) -> list[str]:
    """What was moved in a setting, a line each."""
    lines = [_lever_words(name, value, setting.state) for name, value in setting.levers]
    lines += [dated_act(act) for act in setting.acts]
    lines += [f"{name} {value:g}" for name, value in setting.assumptions]
    rows = telling_rows(setting.shipped, setting.state, MOST_ROWS)
    lines += [say("{label}: {choice}", label=row.what, choice=row.here) for row in rows]
    return lines + [
        say(
            "from {month}: {what}",
            month=date_in_words(month),
            what=_lever_words(name, value, setting.state),
        )
        for month, name, value in setting.changes
    ]


def _lever_words(name: str, value: float, state: str) -> str:
    return say(
        "{label}: {choice}", label=lever_in_words(name, state), choice=value_in_words(name, value)
    )


def story_side(pair: Pair) -> str:
    """The side whose story it is: B, else A where B has no measure. Both are counted from its day,
    and price multiples of both are over its price before that.
    """
    for name in ("b", "a"):
        shipped = pair.side(name).shipped
        if focal_event(shipped, month_names(shipped.start, shipped.months)) is not None:
            return name
    return "b"


def counted_from(pair: Pair) -> tuple[str, str]:
    """Days from which the headlines of A and B count: one day for both, that of the side whose
    story it is, where both runs have it.
    """
    since = story_day(pair.side(story_side(pair)).shipped)
    days = [
        since
        if since[:7] in month_names(side.shipped.start, side.shipped.months)
        else story_day(side.shipped)
        for side in (pair.a, pair.b)
    ]
    return days[0], days[1]


def luck_note(pair: Pair) -> str:
    """What must be known where the same seed is not the same luck."""
    if pair.a.shipped.start != pair.b.shipped.start:
        return say(
            "A begins in {a} and B in {b}: the same seed is other luck there.",
            a=date_in_words(pair.a.shipped.start),
            b=date_in_words(pair.b.shipped.start),
        )
    firms = [dict(side.asked().parameters).get("firms_per_sector") for side in (pair.a, pair.b)]
    return (
        say("A and B have different numbers of firms: the same seed is other luck there.")
        if firms[0] != firms[1]
        else ""
    )
