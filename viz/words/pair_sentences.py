"""What is said of a run beside its twin (`experiments/findings/pair_causes.py`), of the steps
behind a headline (`headline_steps.py`) and of the records of both, by the id of the finding.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import Sentence, noted, noted_forms

PAIR: Final[dict[str, Sentence]] = {
    "pair.money.of": noted("{sum} more are paid in {what} than without it, of {offered} offered."),
    "pair.money": noted("{sum} more are paid in {what} than without it."),
    "pair.money.none": noted("Nobody calls on it: no more is paid in {what} than without it."),
    "pair.reserve.given": noted(
        "The state stockpile of {good} in {state} holds {most} t at most and has given it out by "
        "{month}."
    ),
    "pair.reserve.early": noted(
        "The state stockpile of {good} in {state} holds {most} t at most and has given it out by "
        "{month}, before the count begins."
    ),
    "pair.reserve.kept": noted(
        "The state stockpile of {good} in {state} holds {most} t at most, {left} t two years after."
    ),
    "pair.used_up.both": noted(
        "Stocks of {good} in {state} are used up in {month}, as without it."
    ),
    "pair.used_up.mine": noted(
        "Stocks of {good} in {state} are used up in {month}; without it they are not used up."
    ),
    "pair.used_up.twin": noted(
        "Stocks of {good} in {state} last; without it they are used up in {other}."
    ),
    "pair.used_up.other_month": noted(
        "Stocks of {good} in {state} are used up in {month}; without it they are used up in "
        "{other}."
    ),
    "pair.no_stops": noted("No maker's line in {state} stops in two years, with it or without."),
    "pair.stops.twin": noted("Makers' lines in {state} stop {times} without it, never with it."),
    "pair.stops": noted(
        "Makers' lines in {state} stop {times} in two years, most for want of {goods}; without it "
        "{other}."
    ),
    "pair.stops.stood": noted(
        "Makers' lines in {state} stop {times} in two years, most for want of {goods}; without it "
        "{other}; {stood} stood already when the count begins, without it {other_stood}."
    ),
    "pair.stops.alike": noted(
        "Makers' lines in {state} stop {times} in two years, most for want of {goods}; as often "
        "without it."
    ),
    "pair.stops.alike.stood": noted(
        "Makers' lines in {state} stop {times} in two years, most for want of {goods}; as often "
        "without it; {stood} stood already when the count begins, without it {other_stood}."
    ),
    "pair.office": noted(
        "{exporter}'s office grants {granted} of {filed} applications for goods to {state} in two "
        "years; without it {other_granted} of {other_filed}."
    ),
    "pair.office.needed": noted(
        "{exporter}'s office grants {granted} of {filed} applications for goods to {state} in two "
        "years; without it none is needed."
    ),
    "pair.office.idle": noted("{exporter}'s office has nothing to answer: no licence is needed."),
    "pair.office.filed_before": noted("Some of the applications granted were filed before."),
    "pair.resold": noted(
        "Third countries re-sell {tonnes} t to {state} in two years; without it {other} t."
    ),
    "pair.decided": noted(
        "Governments act {times} where they do not without it, first in {month}: {who}."
    ),
    "plants.same": noted("No plant is begun for it: the same {count} are begun without it."),
    "plants.only": noted("Begun only with it: {names}{then}."),
    "plants.only_here": noted("Begun in this history only with it: {names}{then}."),
    "plants.given_up.one": noted("; it is given up before opening"),
    "plants.given_up": noted_forms(
        "; {count} of them is given up before opening",
        "; {count} of them are given up before opening",
    ),
    "plants.less": noted_forms(
        "One plant begun without it is not.", "{count} plants begun without it are not."
    ),
    "plants.either_way": noted_forms(
        "{count} is begun either way.", "{count} are begun either way."
    ),
    "plants.untouched": noted_forms(
        "{count} more plant differs in chains that it does not touch, by accident of the order in "
        "which investors decide.",
        "{count} more plants differ in chains that it does not touch, by accident of the order in "
        "which investors decide.",
    ),
    "plant.begun": noted("{plant} ({month})"),
    "plant.often": noted("{plant} ({month}; {often})"),
    "pairs": noted("in {times} of {of} pairs"),
    "pairs.both_ways": noted("in {times} of {of} pairs, the other way in {others}"),
    # ------------------------------------------------------------ the steps behind a headline
    "act_of": noted("{actor}: {act}"),
    "stood_already": noted_forms(
        "{count} maker in {state} stood already when the count began, without it {other}: a line "
        "that stands cannot stop any more, so first stops are those of other lines and are not "
        "compared.",
        "{count} makers in {state} stood already when the count began, without it {other}: a line "
        "that stands cannot stop any more, so first stops are those of other lines and are not "
        "compared.",
    ),
    "line.first": noted(
        "{maker} stops a line on {day} for want of {good}, {days} days after the measure, the "
        "first of {of} makers that stop, {share} of its output stands still; {other}."
    ),
    "line.later": noted(
        "{maker} stops a line on {day} for want of {good}, {days} days after the measure, number "
        "{place} of {of} makers that stop, {share} of its output stands still; {other}."
    ),
    "without.never": noted("without it never"),
    "without.on": noted("without it on {day}"),
    "without.stood": noted("without it it stood already when the count began"),
    "held": noted(
        "What {maker} holds of {good} goes from {before} in {start} to {after} in {month}; without "
        "it to {other}."
    ),
    "sectors.none": noted("In no sector is it more or less than without it."),
    "sectors": noted("Most of it, against the twin, lies in {shares}."),
    "peak": noted(
        "The home price of {good} in {state} is highest in {month}: {price} USD/kg{beside}; "
        "without it {other_price} in that month."
    ),
    "peak.before": noted(", {price} in the months before"),
    "peak.before.under": noted(
        ", {price} in the months before, which lie under the measure of {month}"
    ),
    "suppliers.last_origin": noted("{span}: {state:of} purchases were shipped from {shares}."),
    "suppliers.separated_in": noted("{span}: {state:of} purchases were separated in {shares}."),
    "separators": noted("In the last twelve months oxides are made in {shares}."),
    "share_of": noted("{state} {share} (without it {other_share})"),
    # ------------------------------------------------------------ parts of sentences
    "left_out.all.one": noted("without the {kind} of {day} of {actor}"),
    "left_out.all.several": noted_forms(
        "without the {kind} of {day} and {count} later measure of {actor}",
        "without the {kind} of {day} and {count} later measures of {actor}",
    ),
    "left_out.named.one": noted("without the {kind} of {day} of {actor} against {state}"),
    "left_out.named.several": noted_forms(
        "without the {kind} of {day} and {count} later measure of {actor} against {state}",
        "without the {kind} of {day} and {count} later measures of {actor} against {state}",
    ),
    "two": noted("{first} and {second}"),
    "good.times": noted("{good} ({times})"),
    # ------------------------------------------------------------ records
    "record.paid": noted("{year}: {sum} more from the government of {state} to {payee}"),
    "record.month": noted("{month}: {tonnes} t, without it {other} t"),
    "record.stop": noted("{day}: {firm} for want of {good}"),
    "record.stop.part": noted(
        "{day}: {maker} for want of {good}, {share} of its output stands still"
    ),
    "record.more": noted("and {count} more"),
    "record.answers": noted(
        "{good}: {filed} filed, {granted} granted, {refused} refused; without it {other_filed} "
        "filed, {other_granted} granted, {other_refused} refused"
    ),
    "record.through": noted("through {state}: {tonnes} t, without it {other} t"),
    "record.decision": noted("{month}, {actor}: saw {saw}; chose {chose}"),
    "record.decision.rejected": noted(
        "{month}, {actor}: saw {saw}; chose {chose}; rejected: {rejected}"
    ),
    "record.measure": noted("{date}: {text}"),
    "record.held": noted("{month}: {here}; without it {there}"),
    "record.price": noted("{month}: {price} USD/kg, without it {other_price}"),
    "record.often": noted("{record}; {often}"),
    "plant.without": noted("{plant}: begun {month} without it, not with it"),
    "plant.life": noted("{plant}: {steps}"),
    "fate.project begins": noted("begun {month}"),
    "fate.project cancelled": noted("given up {month}"),
    "fate.plant bankrupt": noted("bankrupt {month}"),
    "fate.plant restarts": noted("made ready again {month}"),
}
