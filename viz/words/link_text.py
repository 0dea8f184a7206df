"""What of a link was left out, a sentence or two each: the field as the page calls it, the value,
what is wrong with it and what stands there now; and what else there is to say of a link.
"""

from __future__ import annotations

from collections.abc import Iterable

from coercivity.experiments.lab.levers import find_lever, is_lever
from coercivity.experiments.lab.link_reader import LeftOut, remark_of
from coercivity.experiments.lab.setting import LabSetting
from coercivity.model.scenario.files import list_scenarios
from coercivity.model.scenario.scenario import load_shipped
from coercivity.viz.words.language import join_sentences, numeral, say, says
from coercivity.viz.words.refusals import quotable_text, refusal_in_words


def left_out_in_words(parts: Iterable[LeftOut]) -> tuple[str, ...]:
    """Each part that a link lost, in words."""
    return tuple(_left_out_sentence(part) for part in parts)


def _left_out_sentence(part: LeftOut) -> str:
    if part.part == "unmarked":
        return say(
            "“{name}” stands in the link by its bare name and was left out: write {field} there.",
            name=part.name.partition(".")[2],
            field=part.name,
        )
    return join_sentences([refusal_in_words(part.problem), _kept_sentence(part)])


def _kept_sentence(part: LeftOut) -> str:
    """What stands there now."""
    if part.part == "acts":
        count = int(part.name)
        return says(
            "{count} act beyond them was left out.",
            "{count} acts beyond them were left out.",
            count,
        )
    if not part.stands:
        return say("It was left out.")
    if part.part == "lever" and is_lever(part.name):
        lever, value = find_lever(part.name), float(part.stands)
        if lever.options:
            return say("It stands at “{value}”.", value=say(lever.options[int(value)]))
        return say("It stands at {value}.", value=numeral(part.stands))
    if part.part in ("scenario", "own"):
        known = part.stands in list_scenarios()
        title = load_shipped(part.stands).title if known else part.stands
        return say("It stands at “{value}”.", value=quotable_text(say(title or part.stands)))
    if part.part == "address":
        return say("It stands at “{value}”.", value=quotable_text(part.stands))
    if part.part == "state":
        return say("It stands at {value}.", value=say(part.stands))
    return say("It stands at {value}.", value=numeral(part.stands))


def remark_in_words(search: str | None, setting: LabSetting) -> str:
    """What a visitor of an old or changed link must know; '' for nothing."""
    told = remark_of(search, setting)
    if told is None:
        return ""
    if told.which == "version":
        return say(
            "This link was made with version {made} of the model; this is {here}, and the numbers "
            "may differ.",
            made=told.made,
            here=told.here,
        )
    if told.which == "changed":
        return say(
            "This link was changed by hand, or its scenario has changed since: the numbers may not "
            "be those that its sender saw."
        )
    return say(
        "This link was made with other facts or rules than those here, and the numbers may differ."
    )
