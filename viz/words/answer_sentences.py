"""What is said of the numbers of many histories (`experiments/findings/answers.py`), by the id of
the finding.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import Sentence, noted

ANSWERS: Final[dict[str, Sentence]] = {
    "stops.some": noted(
        "In {times} of {of} histories a maker in {state} has to stop a running line within two "
        "years, typically after {span}"
    ),
    "stops.none": noted(
        "In none of {of} histories does a maker in {state} have to stop a running line within two "
        "years"
    ),
    "stops.alone": noted("{said}."),
    "stops.other_lines": noted("{said}; not to be compared, as {twin} other lines stood already."),
    "stops.twin.none": noted("{twin} in none of {of}"),
    "stops.twin.some": noted("{twin} in {times} of {of} after {span}"),
    "stops.apart": noted("{said}; {beside}."),
    "stops.luck": noted("{said}; {beside}: {luck}."),
    "stops.luck.both_ways": noted(
        "{said}; {beside} (sooner in {less} of the histories, later in {more}): {luck}."
    ),
    "standing.none_before": noted(
        "No line stands there on that day; in these years those of {then} of its makers do on "
        "average{beside}."
    ),
    "standing": noted(
        "Lines of {before} of its makers stand already on that day, and {then} on average in these "
        "years{beside}."
    ),
    "lost_and_paid": noted(
        "In two years output worth {lost} is lost there{beside}; dearer inputs cost {paid}."
    ),
    "price.dysprosium": noted(
        "Dysprosium in {state} peaks at {peak}{beside}; in the half-year before it was at {usual}."
    ),
    "price": noted(
        "{good} in {state} peaks at {peak}{beside}; in the half-year before it was at {usual}."
    ),
    "dependence": noted(
        "Of what {state} buys, {before} was separated in {exporter} before and {end} is at the "
        "end{beside}."
    ),
    "counted_from": noted("The two years are counted from {day}."),
    "counted_from.together": noted(
        "The two years are counted from {day}. The differences are those of all that is set "
        "together; take one thing back to see what the others do."
    ),
    "short": noted("Makers in {state} lose output worth {size} in two years, {apart}; {stop}."),
    "short.alone": noted("Makers in {state} lose output worth {size} in two years; {stop}."),
    "short.luck": noted(
        "Makers in {state} lose output worth {size} in two years, no difference beyond luck to the "
        "same histories {twin}; {stop}."
    ),
    "short.stop.none": noted("a running line has to stop in none of {of} histories"),
    "short.stop.all": noted("a running line has to stop in all of {of} histories"),
    "short.stop.some": noted("a running line has to stop in {times} of {of} histories"),
    "own_rows": noted(
        "With the shipped numbers instead, and all else as it is set here, makers in {state} lose "
        "output worth {size} in two years; with the own numbers {apart}."
    ),
    "own_rows.luck": noted(
        "With the shipped numbers instead, and all else as it is set here, makers in {state} lose "
        "output worth {size} in two years: the own numbers make no difference beyond luck."
    ),
    # ------------------------------------------------------------ numbers and differences
    "count": noted("{times} of {of}"),
    "stops.count": noted("{times} of {of} {twin}"),
    "stops.after": noted("typically after {span}"),
    "stops.nowhere": noted("in no history"),
    "stops.later": noted("later, in {times} of {of}"),
    "stops.sooner": noted("sooner, in {times} of {of}"),
    "difference.luck": noted("no difference beyond luck"),
    "difference.other_lines": noted("not compared: other lines stood already"),
    "difference.slight.more": noted("slightly more, in {times} of {of}"),
    "difference.slight.less": noted("slightly less, in {times} of {of}"),
    "difference.than.more": noted("{how} more than {twin}"),
    "difference.than.less": noted("{how} less than {twin}"),
    "difference.more": noted("{how} more, in {times} of {of}"),
    "difference.less": noted("{how} less, in {times} of {of}"),
    "in_brackets": noted(" ({words})"),
}
