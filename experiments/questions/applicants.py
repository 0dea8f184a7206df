"""Who ever applied for a licence in a world, what became of it, and a firm found by the beginning
of its name: behind `coercivity trace`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coercivity.agents.base.arrays import IntArray
from coercivity.experiments.questions.firm_licences import applications, papers_of
from coercivity.experiments.questions.firm_month import Application, Paper
from coercivity.model.basis.errors import InputError, Phrase, suggest
from coercivity.model.scenario.scenario import Scenario
from coercivity.model.world import World

ANSWERS = ("granted", "refused", "returned", "passed over")  # what an office makes of a paper


@dataclass(frozen=True)
class Applicant:
    """A firm that has applied for licences. does: its process or sector; watched: the largest part
    of it that was ever on a watch list (0-1).
    """

    firm: str
    state: str
    does: str
    watched: float
    applications: tuple[Application, ...]

    @property
    def granted_share(self) -> float | None:
        """Part of the applications with an answer that was granted; None before the first."""
        return granted_share(self.applications)


def granted_share(found: Sequence[Application]) -> float | None:
    """Granted over granted, refused, returned and passed over; what waits, and what lapsed since no
    licence was needed any more, has no answer. None without one.
    """
    answered = [one.outcome for one in found if one.outcome in ANSWERS]
    return answered.count("granted") / len(answered) if answered else None


def applicants(scenario: Scenario, seed: int = 1) -> tuple[Applicant, ...]:
    """Firms that ever applied for a licence in one world of a checked scenario, in the order of the
    table firms.
    """
    world = World(scenario, seed, record=False, collect=False)
    papers: dict[int, list[tuple[Paper, ...]]] = {}
    watched = np.zeros(len(world.firms))
    for month in range(scenario.months):
        world.step()
        np.maximum(watched, world.firms.watched, out=watched)
        rows = _open_cases(world)
        buyers = world.needs.firm[world.links.need[rows]]
        for firm in {*papers, *buyers.tolist()}:
            told = papers.setdefault(firm, [()] * month)
            told.append(papers_of(world, rows[buyers == firm]))
    firms, facts = world.firms, world.facts
    return tuple(
        Applicant(
            firm=firms.names[row],
            state=facts.states[firms.state[row]],
            does=(*facts.processes, *facts.sectors)[int(firms.process[row])],
            watched=float(watched[row]),
            applications=found,
        )
        for row in sorted(papers)
        if (found := applications(papers[row]))
    )


def _open_cases(world: World) -> IntArray:
    """Links with an application, an answer of the month or a licence, by need, as the watch of one
    firm reads them.
    """
    links, found = world.links, [np.flatnonzero(world.links.licence > 0.0)]
    for office in world.border.offices.values():
        found += [office.link, np.array([*office.decided], dtype=np.int64)]
    rows = np.unique(np.concatenate(found))
    return rows[np.lexsort((rows, links.need[rows]))]


def find_firm(scenario: Scenario, wanted: str, seed: int = 1) -> str:
    """The firm of a scenario with this name, or whose name alone begins with it, whatever the case.
    Raises InputError for a beginning that several names share, or none.
    """
    return firm_named(World(scenario, seed, record=False, collect=False).firms.names, wanted)


def firm_named(names: Sequence[str], wanted: str) -> str:
    """As `find_firm`, among these names."""
    word = wanted.strip().casefold()
    if wanted in names:
        return wanted
    same = [name for name in names if name.casefold() == word]
    found = same or [name for name in names if word and name.casefold().startswith(word)]
    if len(found) == 1:
        return found[0]
    if found:
        more = Phrase.of("and {count} more", count=len(found) - 10)
        raise InputError(
            "FIRM '{value}' is the beginning of {count} names: {names}",
            "write more of it",
            value=wanted,
            count=len(found),
            names=(*found[:10], more) if found[10:] else found,
        )
    near = suggest(wanted, names)
    if "names" in near.fields:  # a list of mines helps nobody
        near = Phrase("trace without a firm lists those that applied")
    raise InputError("{field} '{value}' is not known", near, field="FIRM", value=wanted)
