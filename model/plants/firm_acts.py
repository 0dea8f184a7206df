"""Acts of firms that a scenario scripts, as if they were played: hold more stock, turn away
from a state's sellers (M3), build a plant (M9).
"""

from __future__ import annotations

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.agents.base.phrase import Phrase
from coercivity.agents.firms import buyer
from coercivity.agents.firms.investor import BROWNFIELD_COST
from coercivity.agents.tables import OPEN, OPTION, Firms, Links, Needs
from coercivity.model.basis.fixed_names import Switches
from coercivity.model.parts.ledger import Ledger
from coercivity.model.parts.politics import NOBODY, FirmActs, Politics
from coercivity.model.parts.works import Site, Works
from coercivity.model.parts.world_view import WorldView
from coercivity.model.plants.building import start_building
from coercivity.model.plants.projects import begin
from coercivity.model.scenario.event import Event
from coercivity.model.scenario.firm_checks import FIRM_KINDS, is_plant_of


def lay_firm_acts(
    politics: Politics, due: list[Event], *, firms: Firms, needs: Needs, links: Links, on: Switches
) -> None:
    """Write the acts of firms in force into arrays by need and link; of two acts on one buyer the
    stronger holds. Off: M3 sourcing, M9 plants.
    """
    acts = [event for event in politics.in_force if event.kind in FIRM_KINDS]
    builds = tuple(event for event in due if event.kind == "firm_build")
    if not acts and not builds:
        politics.firm_acts = NOBODY
        return
    cover: FloatArray | float = 0.0
    pull, seeking = np.ones(len(links)), np.zeros(len(needs), dtype=bool)
    for event in acts:
        buys = firms_covered(event, firms=firms)[needs.firm]
        if event.kind == "firm_stock":
            cover = np.maximum(cover, event.get("cover") * buys)
        elif event.kind == "firm_supplier" and on["M3"]:
            rows = np.flatnonzero(
                buys[links.need] & (links.exporter == firms.facts.state_row[event.get("away_from")])
            )
            pull[rows] = np.minimum(pull[rows], buyer.turned_away(event.get("strength")))
            seeking[links.need[rows]] |= event.get("strength") > 0.0
    politics.firm_acts = FirmActs(cover, pull, seeking if seeking.any() else None, builds)


def firms_covered(event: Event, *, firms: Firms) -> BoolArray:
    """Firms that an act covers: all plants of the firm that it names, wherever they stand; where it
    names none, all firms in its states.
    """
    firm = event.get("firm")
    if firm:
        return np.array([is_plant_of(firm, name) for name in firms.names])
    return np.isin(firms.state, [firms.facts.state_row[state] for state in event.get("states")])


def build_plants(firms: Firms, works: Works, ledger: Ledger, *, seen: WorldView) -> None:
    """A firm begins a plant at its own risk: a planned one of this process and state that nobody
    has begun, whatever its value over cost.

    Among several the first of options.csv whose time to decide has come, else the first. It costs,
    takes time, overruns, ramps up and is supported like any other project (`decide`), but is not
    given up on the way: its builder has decided that (under the usual rule three of four without a
    margin would be). Once open it may close as any plant. The share is of the planned size. Where
    none is left to begin but plants run or are under way, one of them is enlarged (`enlarge`).
    """
    facts, clock = seen.facts, seen.clock
    for event in seen.politics.firm_acts.builds:
        if event.month_index(clock.start) != clock.month:
            continue
        options, state = firms.option_rows, event.get("state")
        who = event.get("firm") or Phrase("A firm")
        alike = (firms.process == facts.process_row[event.get("process")]) & (
            firms.state == facts.state_row[state]
        )
        planned = options[alike[options]]
        under_way = works.pipeline.building > 0.0
        left = (firms.status[planned] == OPTION) & (firms.option_size[planned] > 0.0)
        rows = planned[left & ~under_way[planned]]
        standing = np.flatnonzero(alike & ((firms.status == OPEN) | under_way))
        if len(rows):
            row = int(rows[np.argmax(firms.option_from[rows] <= clock.month)])
            firms.pledged[row] = True
            site = begin(
                firms,
                np.array([row]),
                firms.option_size[[row]] * event.get("share"),
                firms.patient[[row]] | seen.support.backed[[row]],
                clock=clock,
                p=seen.p,
            )
            start_building(works, site, seen=seen)
        elif len(standing):
            row = enlarge(works, event, standing, seen=seen)
        else:
            what = facts.descriptions[event.get("process")]
            told = Phrase.of(
                "{who} finds no planned plant left to {what} in {state}",
                who=who,
                what=Phrase(what),
                state=state,
            )
            ledger.event(clock.month, actor_of(event), "no plant left", told)
            continue
        told = Phrase.of(
            "{who} begins to build in {state}: {name}"
            if len(rows)
            else "{who} begins to build in {state}: more capacity at {name}",
            who=who,
            state=state,
            name=firms.names[row],
        )
        ledger.event(clock.month, actor_of(event), "project begins", told)


def enlarge(works: Works, event: Event, standing: IntArray, *, seen: WorldView) -> int:
    """The builder's own plant there, else the largest, is enlarged by the median size of a generic
    entrant of its process (options.csv) times the share.

    It costs what an expansion costs (`expand`); at a plant that is still under way, what a new one
    costs, takes and reaches. Returns the plant's row. Who enlarges whose plant is not accounted:
    the plant's owner pays and earns, and may give up what is under way.
    """
    firms = seen.firms
    own = [row for row in standing.tolist() if is_plant_of(event.get("firm"), firms.names[row])]
    row = own[0] if own else int(standing[np.argmax(firms.capacity[standing])])
    of_kind = seen.facts.table("options").where(
        start=seen.clock.start, process=event.get("process"), kind="generic"
    )
    size = float(np.median([entrant["tonnes_per_year"] for entrant in of_kind])) / 12.0
    rows, build = np.array([row]), np.array([size * event.get("share")])
    site = (
        Site(rows, build, BROWNFIELD_COST)
        if firms.status[row] == OPEN
        else Site(rows, build, 1.0, firms.reach[rows])
    )
    start_building(works, site, seen=seen)
    return row


def actor_of(event: Event) -> str:
    """Who acts, as the table of events has it: a government, a firm, the state that an accident
    strikes, or nature.
    """
    if event.kind in FIRM_KINDS:
        return str(event.get("firm") or "firms")
    return str(event.actor or event.get("state", "nature"))


def event_phrase(event: Event) -> Phrase:
    """Return what an event is: what a government decided, its text, its kind; an act of a firm
    without a text says what it does. Its id goes along.
    """
    if event.told is not None:
        return event.told
    if event.text:
        return Phrase.text(event.text, id=event.id)
    if event.kind not in FIRM_KINDS:
        return Phrase("{kind}", {"kind": event.kind, "id": event.id})
    who: str | Phrase = event.get("firm")
    if not who and event.kind == "firm_build":
        who = Phrase("A firm")
    elif not who:
        who = Phrase.of("Firms in {states}", states=event.get("states"))
    if event.kind == "firm_stock":
        return Phrase.of(
            "{who}: {months} months of stock beyond the habit",
            who=who,
            months=f"{event.get('cover'):g}",
        )
    if event.kind == "firm_supplier":
        return Phrase.of(
            "{who}: away from suppliers in {state}, whose pull falls by {share}",
            who=who,
            state=event.get("away_from"),
            share=f"{event.get('strength'):.0%}",
        )
    what = Phrase(event.facts.descriptions[event.get("process")])
    return Phrase.of("{who}: to {what} in {state}", who=who, what=what, state=event.get("state"))
