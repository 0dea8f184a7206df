"""Which plants are begun, and which acts governments choose, in more histories than luck would have
because of what was set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from coercivity.experiments.findings import pair_effects
from coercivity.experiments.findings.finding import Finding, difference_finding, find_typical_pair
from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.pair_effects import Group, Pairs
from coercivity.experiments.lab.causal_trail import Plant
from coercivity.experiments.lab.histories import PairedDifference
from coercivity.experiments.quantities.headlines import EXPORTER
from coercivity.model.basis.calendar import month_name

NAMED: Final = 3  # kinds of plants, or acts, that are named
MOST: Final = 12  # records under a finding
STAGES: Final = ("mining", "separation", "metal", "magnet")  # whose plants are told by stage


def plants(pairs: Pairs, asked: FindingRequest, alike: list[Finding]) -> Iterator[Finding]:
    """Plants that are begun, or begun sooner, because of it: by state and process; else by stage,
    as luck decides where.
    """
    known = pair_effects.groups(pairs)
    paid_for = frozenset[Group]().union(*(one.covers for one in pair_effects.accounts(pairs)))
    is_paid = pair_effects.is_for(paid_for, 0)
    families = [
        [one for one in known if is_paid(_like(one)) is paid] for paid in (True, False)
    ]  # what money is for is asked apart: it is not searched among all others
    counted = {one: pair_effects.counted_in(pairs, one) for one in known}
    named: dict[Group, PairedDifference] = {}
    for family in families:
        named |= pair_effects.differences_beyond_luck({one: counted[one] for one in family})
    for group in [*named][:NAMED]:
        yield _begun_plant_finding(pairs, asked, group, named[group])
    stages = pair_effects.differences_beyond_luck(
        {
            one: pair_effects.plant_count_difference(pairs, _is_stage_abroad(pairs, one))
            for one in STAGES
        }
    )
    told = {pairs.facts.process_stage[process] for _, process in named}
    for stage, found in stages.items():
        if stage not in told:
            here, there = pair_effects.typical_plant_counts(pairs, _is_stage_abroad(pairs, stage))
            beside = find_typical_pair(here, there, "plants", found.more > found.less)
            yield difference_finding(
                "plants.abroad", found, plants=stage, exporter=EXPORTER, beside=beside
            )
            told.add(stage)
    others = {one: pair_effects.started_in(pairs, one) for one in known if one not in named}
    moved = pair_effects.differences_beyond_luck(others)
    yield from _plant_timing_findings(pairs, moved)
    if not named and not told and not moved:
        alike.append(Finding.of("alike.plants"))


def _like(group: Group) -> Plant:
    return Plant("", *group, 0.0, 0, None, None, {})


def _is_stage_abroad(pairs: Pairs, stage: str) -> Callable[[Plant], bool]:
    stages = pairs.facts.process_stage
    return lambda one: stages.get(one.process) == stage and one.state != EXPORTER


def _new_plant(group: Group) -> Finding:
    return Finding.of("new_plant", state=group[0], process=group[1])


def _begun_plant_finding(
    pairs: Pairs, asked: FindingRequest, group: Group, found: PairedDifference
) -> Finding:
    """A plant that is begun only with it, or only without it."""
    more = found.more > found.less
    one = pair_effects.extra(pairs, pair_effects.is_in(group), more)
    if not more:
        id = "plant.lost"
    elif one.opens:
        id = "plant.opens"
    else:
        id = "plant.never_opens" if pairs.is_whole else "plant.soon"
    records = [
        Finding.of("plant.in_histories", plant=name, times=times)
        for name, times in one.names.items()
    ]
    return Finding.of(
        id,
        times=one.times,
        of=one.of,
        plant=_new_plant(group),
        year=month_name(asked.start, one.month)[:4],
        tonnes=one.tonnes,
        opens=one.opens,
        opening=month_name(asked.start, one.opened)[:4],
    ).sourced("", tuple(records[:MOST]))


def _plant_timing_findings(
    pairs: Pairs, found: Mapping[Group, PairedDifference]
) -> Iterator[Finding]:
    """Plants that are begun sooner than without it, and those that are begun later."""
    for sooner in (True, False):
        moved = {one: apart for one, apart in found.items() if (apart.less > apart.more) is sooner}
        if moved:
            told = tuple(_in_histories(pairs, one, moved[one], sooner) for one in [*moved][:NAMED])
            yield Finding.of("plants.sooner" if sooner else "plants.later", plants=told)


def _in_histories(pairs: Pairs, group: Group, found: PairedDifference, sooner: bool) -> Finding:
    """A plant, in how many histories, and by how much where it is begun in both."""
    months = pair_effects.months_between(pairs, pair_effects.is_in(group), sooner)
    return Finding.of(
        "plant.moved_by" if months else "plant.moved",
        plant=_new_plant(group),
        times=max(found.more, found.less),
        of=found.range.of,
        span=months,
    )


def acts_chosen(pairs: Pairs, alike: list[Finding]) -> Iterator[Finding]:
    """Acts that governments choose by themselves, and would not without it; or would, and do not
    with it.
    """
    known = {
        (one.actor, one.kind)
        for both in pairs.far.values()
        for side in both
        for one in side.chosen
        if pairs.at <= one.month < pairs.until
    }
    if not known:
        return
    named = pair_effects.differences_beyond_luck(
        {one: pair_effects.choice_count_difference(pairs, *one) for one in sorted(known)}
    )
    for actor, kind in [*named][:NAMED]:
        yield difference_finding("chosen", named[actor, kind], state=actor, act=kind)
    if not named:
        alike.append(Finding.of("alike.chosen"))
