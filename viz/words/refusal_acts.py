"""The forms in which the model refuses an act, and the sentences of the pages for each."""

from __future__ import annotations

from typing import Final

from coercivity.viz.words.language import noted
from coercivity.viz.words.refusal_fixes import FIELD as _F
from coercivity.viz.words.refusal_fixes import VALUE as _V
from coercivity.viz.words.refusal_fixes import rule

ACTS: Final = (
    rule(
        r"'(?P<value>.*)' is no act; write .*",
        noted("“{value}” is no act."),
        noted("Write its kind and its fields with commas between them."),
    ),
    rule(
        r"act '(?P<value>.*)' is no part of an act;.*",
        noted("Act in the link: “{value}” is no part of an act."),
        noted("Write name and value with a colon between them."),
    ),
    rule(
        r"act: (?P<value>.+) stands twice in one act; write it once",
        noted("Act in the link: “{value}” stands twice in one act."),
        noted("Write it once."),
    ),
    rule(
        rf"(?P<written>[^:]+?) {_V} does not belong to it; use (?P<names>.*)",
        noted("{field}: this kind of act has no such field, and “{value}” cannot stand there."),
        noted("Its fields are {names}."),
    ),
    rule(
        rf"{_F} {_V} is before (?:from|date) '(?P<low>.*)'; .*",
        noted("{field}: “{value}” is before its beginning, {low}."),
        noted("Use a later month, or leave it empty."),
    ),
    rule(
        r"from '(?P<value>.*)' meets act (?P<low>\d+), of the same kind on the same "
        r"(?:.*), still in "
        r"force; .*",
        noted("“{value}” meets act {low} of the same kind, which is then still in force."),
        noted("End one before the other begins, or write one act for both."),
    ),
    rule(
        rf"{_F} '(?P<value>.*)' has no government of its own here; write actor: EU",
        noted("{field}: “{value}” has no government of its own here."),
        noted("Choose the EU."),
    ),
    rule(
        r"targets '(?P<value>.*)' is the actor's own; an act by (?P<state>.*) can only "
        r"aim at others, .*",
        noted("against: “{value}” is the actor's own."),
        noted("An act of {state} can only aim at others; leave it out."),
    ),
    rule(
        r"targets '(?P<value>.*)' are the actor's own states; .*",
        noted("against: “{value}” is the actor's own."),
        noted("Name another state, the EU or all states."),
    ),
    rule(
        r"actor '(?P<value>.*)' sets no quota of separation; .*",
        noted("who acts: “{value}” sets no quota of separation."),
        noted("Choose China."),
    ),
    rule(
        r"(?:to|away_from) '(?P<value>.*)' is (?:the state that sells|one of the states "
        r"whose .*); .*",
        noted("“{value}” stands on both sides of this act."),
        noted("Name another state."),
    ),
    rule(
        r"actor '(?P<value>.*)' is the exporter that support .*",
        noted("who acts: “{value}” is the exporter that support is to make others independent of."),
        noted("Choose another government."),
    ),
    rule(
        r"hosts '(?P<value>.*)' is the rival that .*",
        noted("where the plants stand: “{value}” is the exporter that the support is against."),
        noted("Name states outside China."),
    ),
    rule(
        r"ceiling '(?P<value>.*)' is below the floor of (?P<low>\S+) USD/kg; .*",
        noted("ceiling: “{value}” is below the floor of USD {low} a kilogram."),
        noted("Use {low} or more."),
    ),
    rule(
        r"of '(?P<value>.*)' is an act of (?P<state>.*) itself; .*",
        noted("which act: “{value}” is an act of {state} itself."),
        noted("Name an act of another government."),
    ),
    rule(
        r"of '(?P<value>.*)' is a (?P<kind>\w+), behind which no government stands; .*",
        noted("which act: behind “{value}” stands no government."),
        noted("Name an act of a government."),
    ),
    rule(
        r"of '(?P<value>.*)' is a (?P<kind>\w+), which is never in force, .*",
        noted("which act: “{value}” is over as soon as it has happened."),
        noted("Name a measure that lasts."),
    ),
    rule(
        r"outside '(?P<value>.*)' is a member of the coalition too; .*",
        noted("kept outside: “{value}” is a member of the coalition too."),
        noted("Name it in one of the two lists."),
    ),
    rule(
        r"members '(?P<value>.*)' is the exporter that the coalition is about; .*",
        noted("members: “{value}” is the exporter that the coalition is about."),
        noted("Leave it out."),
    ),
    rule(
        r"actor '(?P<value>.*)' is not a member of its coalition; .*",
        noted("who acts: “{value}” is not a member of the coalition."),
        noted("Add it to the members, or let a member act."),
    ),
    rule(
        r"members '(?P<value>.*)' is a member of coalition (?P<low>\S+) at the same time; .*",
        noted("members: “{value}” is in another coalition at the same time."),
        noted(
            "End one before the other begins, or name all members of the other one to enlarge it."
        ),
    ),
    rule(
        r"end '(?P<value>.*)' is a (?:coalition|budget) in the past: the scenario begins in "
        r"(?P<low>\S+); .*",
        noted("ends: “{value}” is before the scenario begins, in {low}."),
        noted("Use a later end."),
    ),
    rule(
        r"actor '(?P<value>.*)' is named, but sellers end .*",
        noted("who acts: “{value}” is named, but sellers end their sales themselves."),
        noted("Leave it out, or write a ban."),
    ),
    rule(
        r"firm '(?P<value>.*)' is not a firm of (?P<low>\S+); (?P<fix>did you mean .*)",
        noted("firm: “{value}” is not a firm of {low}."),
    ),
    rule(
        r"firm '(?P<value>.*)' is not a firm of (?P<low>\S+); .*",
        noted("firm: “{value}” is not a firm of {low}."),
        noted("Leave it out for all firms of the states."),
    ),
    rule(
        r"firm '(?P<value>.*)' is blank; .*",
        noted("firm: “{value}” is blank."),
        noted("Write a name, or leave it out for all firms."),
    ),
    rule(
        r"firm '(?P<value>.*)' has no plant .*",
        noted("firm: “{value}” has no plant that this act can reach."),
        noted("Choose other stages or other states for the plants, or leave the firm out."),
    ),
    rule(
        r"state '(?P<value>.*)' has no plant of (?P<good>\w+), .*; (?P<fix>use one of.*)",
        noted("state: “{value}” has no plant of this kind, planned or running."),
    ),
    rule(
        r"state '(?P<value>.*)' has no plant of (?P<good>\w+), .*",
        noted("state: “{value}” has no plant of this kind, planned or running."),
        noted("Choose another process."),
    ),
    rule(
        r"date '(?P<value>.*)' is before the first month (?P<low>\S+), and .*",
        noted(
            "begins: “{value}” is before the first month, {low}, and no plant can be begun then."
        ),
        noted("Use a later date."),
    ),
    rule(
        r"date '(?P<value>.*)' is after the last month (?P<high>\S+); .*",
        noted("begins: “{value}” is after the last month, {high}."),
        noted("Use an earlier date or more months."),
    ),
    rule(
        r"goods '(?P<value>.*)': nobody in (?P<state>.*) sells any .*; name some of "
        r"(?P<names>.*)",
        noted("goods: nobody in {state} sells any of “{value}”, so that a quota binds nothing."),
        noted("Name some of these: {names}."),
    ),
    rule(
        r"goods '(?P<value>.*)': nobody in (?P<state>.*) sells any .*",
        noted("goods: nobody in {state} sells any of “{value}”, so that a quota binds nothing."),
        noted("Let another government act."),
    ),
    rule(
        rf"{_F} {_V} is not the id of an earlier event; (?P<fix>did you mean .*)",
        noted("{field}: “{value}” is not an act of the scenario."),
    ),
    rule(
        rf"{_F} {_V} is not the id of an earlier event; .*",
        noted("{field}: “{value}” is not an act of the scenario."),
        noted("Choose one of those in the list."),
    ),
    rule(
        rf"{_F} {_V} begins on (?P<low>\S+), after (?P<high>\S+); .*",
        noted("{field}: “{value}” begins only on {low}."),
        noted("Let this act begin later."),
    ),
    rule(
        rf"{_F} is missing; a \w+ needs (?:its last day|them), .*",
        noted("{field}: it is empty, and this kind of act needs it."),
        noted("Fill it in."),
    ),
    rule(rf"{_F} is missing; .*", noted("{field}: it is empty."), noted("Fill it in.")),
    rule(
        rf"{_F} {_V} is not a list of names; .*",
        noted("{field}: “{value}” is not a list of names."),
        noted("Choose at least one."),
    ),
)
