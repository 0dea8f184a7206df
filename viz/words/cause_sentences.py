"""What is said of the causes that many histories have (`experiments/findings/causes.py`), by the id
of the finding.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import Sentence, noted

CAUSES: Final[dict[str, Sentence]] = {
    "causes.none": noted("Nothing differs beyond luck in {of} histories. Looked at were: {what}."),
    "causes.others": noted("No difference beyond luck in {of} histories: {what}."),
    "counted.whole": noted(
        "Counted over {count} histories, each against the same {twin}. One in which both are "
        "equal is among the {count} and counts for neither side."
    ),
    "counted.soon": noted(
        "Counted over {count} histories so far, two years of each, against the same {twin}. "
        "One in which both are equal is among the {count} and counts for neither side."
    ),
    "counted.cut": noted(
        "Counted over {count} histories, each against the same {twin}. They end with {month}, "
        "before the two years that are counted are over: where two years are named, the months "
        "until then are meant. One in which both are equal is among the {count} and counts for "
        "neither side."
    ),
    # ------------------------------------------------------------ what does not differ
    "alike.stocks": noted("what users hold in stock"),
    "alike.from_exporter": noted("what part of purchases comes from {exporter}"),
    "alike.for_want": noted("for want of what lines in {state} stand"),
    "alike.first_stop": noted("when industries in {state} stop"),
    "alike.resold": noted("what third countries re-sell"),
    "alike.office": noted("what {exporter}'s office answers"),
    "alike.elsewhere": noted("when lines in other states stop"),
    "alike.plants": noted("which plants are begun"),
    "alike.chosen": noted("what governments choose"),
    # ------------------------------------------------------------ stocks, lines, the border
    "stocks.more": noted(
        "In {times} of {of} histories users in {state} hold more {good} over the two years than "
        "without it{beside}."
    ),
    "stocks.less": noted(
        "In {times} of {of} histories users in {state} hold less {good} over the two years than "
        "without it{beside}."
    ),
    "from_exporter.more": noted(
        "In {times} of {of} histories {state} buys a larger part from {exporter} over the two "
        "years than without it{beside}."
    ),
    "from_exporter.less": noted(
        "In {times} of {of} histories {state} buys a smaller part from {exporter} over the two "
        "years than without it{beside}."
    ),
    "for_want.more": noted(
        "In {times} of {of} histories lines in {state} stand longer for want of {good} within the "
        "two years than without it{beside}."
    ),
    "for_want.less": noted(
        "In {times} of {of} histories lines in {state} stand less long for want of {good} within "
        "the two years than without it{beside}."
    ),
    "first_stop.sector.more": noted(
        "In {times} of {of} histories the first line in {state} ({sector}) stops later than "
        "without it, or not within the two years."
    ),
    "first_stop.sector.less": noted(
        "In {times} of {of} histories the first line in {state} ({sector}) stops sooner than "
        "without it."
    ),
    "first_stop.state.more": noted(
        "In {times} of {of} histories the first line in {state} stops later than without it, or "
        "not within the two years."
    ),
    "first_stop.state.less": noted(
        "In {times} of {of} histories the first line in {state} stops sooner than without it."
    ),
    "no_stops": noted(
        "In none of {of} histories does a maker's line in {state} stand within the two years, with "
        "it or without."
    ),
    "office.idle": noted(
        "In {times} of {of} histories {exporter}'s office has no application for goods to {state} "
        "to answer; without it there are typically {filed}."
    ),
    "office.needed": noted(
        "In {times} of {of} histories no licence is needed for goods to {state} without it; with "
        "it {exporter}'s office typically grants {share} of {filed} applications."
    ),
    "office.more": noted(
        "In {times} of {of} histories {exporter}'s office grants a larger part of the applications "
        "for goods to {state} than without it{beside}."
    ),
    "office.less": noted(
        "In {times} of {of} histories {exporter}'s office grants a smaller part of the "
        "applications for goods to {state} than without it{beside}."
    ),
    "resold.more": noted(
        "In {times} of {of} histories third countries re-sell more to {state} within the two years "
        "than without it{beside}."
    ),
    "resold.less": noted(
        "In {times} of {of} histories third countries re-sell less to {state} within the two years "
        "than without it{beside}."
    ),
    # ------------------------------------------------------------ public money
    "money.floor": noted(
        "In {times} of {of} histories money is paid under the floor, typically {sum} of {offered}."
    ),
    "money.drawn": noted(
        "In {times} of {of} histories the {what} are drawn on, typically with {sum} of {offered}."
    ),
    "money.late": noted(
        "In {times} of {of} histories no new plant that is paid for with these {what} opens within "
        "the two years that are counted."
    ),
    "money.above_floor": noted(
        "In {times} of {of} histories nothing is paid under the floor: the price is never below it."
    ),
    "money.no_plant": noted(
        "In {times} of {of} histories nobody draws on the {what}: no plant that they could pay for "
        "is begun once they are there."
    ),
    "money.untouched": noted("In {times} of {of} histories nobody draws on the {what}."),
    "money.anyway": noted(
        "In {times} of {of} histories every new plant that is paid for with these {what} is begun "
        "without it too."
    ),
    "money.by_luck": noted(
        "No more of the plants that these {what} are for are begun than luck would have, typically "
        "{here}, and {there} without it ({of} histories)."
    ),
    "money.fewer": noted(
        "In {times} of {of} histories fewer of the plants that these {what} are for are begun than "
        "without it{beside}."
    ),
    "money.soon": noted(
        "In {times} of {of} histories more of the plants that these {what} are for are begun "
        "within the two years than without it{beside}."
    ),
    "money.open": noted(
        "In {times} of {of} histories more of the plants that these {what} are for are begun than "
        "without it{beside}, and in {opening} of {of} more of them open{then}."
    ),
    "money.more": noted(
        "In {times} of {of} histories more of the plants that these {what} are for are begun than "
        "without it{beside}, but no more of them open than luck would have: the others are given "
        "up, or are not ready by the end."
    ),
    "stockpile.serves": noted(
        "In {times} of {of} histories the state stockpile of {good} in {state} serves users within "
        "the two years, typically with {tonnes} t of {most} t, the first in {month}."
    ),
    "stockpile.gone": noted(
        "In {times} of {of} histories the state stockpile of {good} in {state}, typically {most} "
        "t, has been given out before the count begins."
    ),
    "stockpile.stays": noted(
        "In {times} of {of} histories the state stockpile of {good} in {state}, typically {most} "
        "t, is not touched within the two years: its users are served by their sellers."
    ),
    "stockpile.together.serves": noted(
        "In {times} of {of} histories the stockpile of {good} of {state} serves users in its "
        "states within the two years, typically with {tonnes} t of {most} t in all of them "
        "together, the first in {month}."
    ),
    "stockpile.together.gone": noted(
        "In {times} of {of} histories the stockpile of {good} of {state}, typically {most} t in "
        "all its states together, has been given out before the count begins."
    ),
    "stockpile.together.stays": noted(
        "In {times} of {of} histories the stockpile of {good} of {state}, typically {most} t in "
        "all its states together, is not touched within the two years: its users are served by "
        "their sellers."
    ),
    "tariff.unpaid": noted(
        "In {times} of {of} histories hardly anybody pays the tariff within the two years: it "
        "binds nobody."
    ),
    "tariff.paid": noted(
        "In {times} of {of} histories the tariff is paid, typically {sum} within the two years."
    ),
    # ------------------------------------------------------------ plants, and acts of governments
    "plant.lost": noted(
        "In {times} of {of} histories {plant} is not begun that is begun without it, typically in "
        "{year} and of {tonnes} t a year."
    ),
    "plant.opens": noted(
        "In {times} of {of} histories {plant} is begun that is not begun without it, typically in "
        "{year} and of {tonnes} t a year; in {opens} of these it opens, typically in {opening}."
    ),
    "plant.never_opens": noted(
        "In {times} of {of} histories {plant} is begun that is not begun without it, typically in "
        "{year} and of {tonnes} t a year; in none of these does it ever open."
    ),
    "plant.soon": noted(
        "In {times} of {of} histories {plant} is begun within the two years that is not begun "
        "without it, typically in {year} and of {tonnes} t a year."
    ),
    "plant.in_histories": noted("{plant}: in {times} histories"),
    "plants.abroad.more": noted(
        "In {times} of {of} histories more {plants} are begun outside {exporter} than without "
        "it{beside}; in which states is luck."
    ),
    "plants.abroad.less": noted(
        "In {times} of {of} histories fewer {plants} are begun outside {exporter} than without "
        "it{beside}; in which states is luck."
    ),
    "plants.sooner": noted("Begun sooner than without it: {plants}."),
    "plants.later": noted("Begun later than without it, or not any more: {plants}."),
    "plant.moved_by": noted("{plant} (in {times} of {of} histories, typically by {span})"),
    "plant.moved": noted("{plant} (in {times} of {of} histories)"),
    "chosen.more": noted(
        "In {times} of {of} histories the government of {state} chooses this more often than "
        "without it: {act}."
    ),
    "chosen.less": noted(
        "In {times} of {of} histories the government of {state} chooses this less often than "
        "without it: {act}."
    ),
}
