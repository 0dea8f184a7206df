"""The forms in which the model refuses, and the sentences of the pages for each (`refusals.py`
fills them in).
"""

from __future__ import annotations

from typing import Final

from coercivity.model.basis.names import GOVERNMENTS
from coercivity.viz.words.language import noted
from coercivity.viz.words.refusal_acts import ACTS
from coercivity.viz.words.refusal_class import CLASS
from coercivity.viz.words.refusal_fixes import FIELD as _F
from coercivity.viz.words.refusal_fixes import VALUE as _V
from coercivity.viz.words.refusal_fixes import rule
from coercivity.viz.words.refusal_game import GAME
from coercivity.viz.words.refusal_rooms import ROOMS

RULES: Final = (
    *ROOMS,
    *CLASS,
    *GAME,
    # links
    rule(
        r"(?P<field>seed) '(?P<value>.*)' is not a whole number from (?P<low>\S+) to "
        r"(?P<high>\S+);.*",
        noted("{field}: “{value}” is not a whole number from {low} to {high}."),
        noted("Write for example 1."),
    ),
    rule(
        r"at (?P<value>\S+), (?P<written>lever\.\w+) stands twice in the address; write it once",
        noted("{label}, {value}: it stands twice in the link."),
        noted("Write it once."),
    ),
    rule(
        r"(?P<written>.+) stands twice in the address; write it once",
        noted("{label}: it stands twice in the link."),
        noted("Write it once."),
    ),
    rule(
        r"(?P<field>at) '(?P<value>.*)' is not a change;.*",
        noted("{field}: “{value}” is not a change."),
        noted("Write month, lever and value with colons between them."),
    ),
    rule(
        r"the address has (?P<value>\d+) characters; use at most (?P<high>\d+).*",
        noted("Link: it has {value} characters, and a page takes {high}."),
        noted("Upload the scenario file instead."),
    ),
    rule(
        r"the address has more than (?P<value>\d+) fields;.*",
        noted("Link: it has more than {value} fields."),
        noted("Ask for it again, or begin with the lab."),
    ),
    rule(
        r"acts: (?P<value>\d+) are too many; use at most (?P<high>\d+)",
        noted("Acts: {value} are too many."),
        noted("Use at most {high}."),
    ),
    rule(
        r"changes: (?P<value>\d+) are too many; use at most (?P<high>\d+)",
        noted("{value} are too many."),
        noted("Use at most {high}."),
    ),
    rule(
        r"scenario '(?P<value>.*)' is too long for a link of (?P<high>\d+) characters;.*",
        noted("Scenario “{value}”: it is too long for a link, which holds {high} characters."),
        noted("Take the scenario file and pass that on."),
    ),
    rule(
        r"the scenario in the link was cut or changed;.*",
        noted("Scenario in the link: it was cut or changed."),
        noted("Ask for the link again, or for the scenario file."),
    ),
    rule(
        r"the scenario in the link unfolds to more than (?P<value>[\d,]+) characters;.*",
        noted("Scenario in the link: it unfolds to more than {value} characters."),
        noted("Upload the file instead."),
    ),
    rule(
        r"'(?P<value>.*)' is no link of the lab;.*",
        noted("Link: “{value}” is none of the lab's."),
        noted("Paste an address like ?scenario=japan-2026&seed=1."),
    ),
    rule(
        r"side '(?P<value>.*)' is not known;.*",
        noted("Side: “{value}” is none."),
        noted("Choose A or B."),
    ),
    rule(
        r"changes are not a list of month, lever and value; reload the page",
        noted("Later changes: they did not come through."),
        noted("Reload the page."),
    ),
    # sizes
    rule(
        r"(?P<field>months|events) ?(?P<value>\d+) are too many for a page; use at most "
        r"(?P<high>\d+).*",
        noted("{field}: {value} are too many for a page."),
        noted("Use at most {high}, or run it in a terminal."),
    ),
    rule(
        r"(?P<value>\d+) (?P<field>events|own rows of projects) are too many for a page; "
        r"use at most "
        r"(?P<high>\d+).*",
        noted("{field}: {value} are too many for a page."),
        noted("Use at most {high}, or run it in a terminal."),
    ),
    rule(
        r"(?:(?P<field>firms_per_sector) )?(?P<value>[^\s']+) (?:is too much|makes a world "
        r"too large) for "
        r"a page; use at most (?P<high>\d+).*",
        noted("{field}: {value} makes a world too large for a page."),
        noted("Use at most {high}, or run it in a terminal."),
    ),
    rule(
        r"(?P<value>[\d,]+) (?P<rows>rows|events and choices) are too many; use at most "
        r"(?P<high>[\d,]+).*",
        noted("{value} rows or acts are too many."),
        noted("Use at most {high}."),
    ),
    # own tables
    rule(
        r"it is empty; write the columns .*",
        noted("There is nothing in it."),
        noted("Take the table above, change its numbers and paste it with its first line."),
    ),
    rule(
        r"it has (?P<value>[\d,]+) characters; a page takes at most (?P<high>[\d,]+)",
        noted("It has {value} characters."),
        noted("A page takes at most {high}."),
    ),
    rule(
        r"not a (?:table|CSV row) \(.*\); put a cell .*",
        noted("It cannot be read as a table."),
        noted("Put a cell with commas or quotes in double quotes."),
    ),
    rule(
        r"the first line '(?P<value>.*)' names no column of (?P<table>\w+); write .*",
        noted("The first line “{value}” names no column."),
        noted("Begin with the first line of the table above."),
    ),
    rule(
        r"column '(?P<value>.*)' is not known; (?P<fix>.*)",
        noted("Column “{value}”: there is none of this name."),
    ),
    rule(
        r"column '(?P<field>.*)' stands twice; keep one",
        noted("Column {field}: it stands twice."),
        noted("Keep one."),
    ),
    rule(
        r"(?P<count>\d+) cells, last '(?P<value>.*)', for (?P<high>\d+) columns; .*",
        noted("The row has {count} cells, the last “{value}”, for {high} columns."),
        noted("Quote a cell with a comma in it, or add one that is missing."),
    ),
    rule(
        r"it is missing, and (?:says which row is meant|no shipped row has it);.*",
        noted("The cell is empty."),
        noted("Write what the row is about."),
    ),
    rule(r"'' is empty; (?P<fix>.*)", noted("The cell is empty.")),
    rule(
        r".* is already in row (?P<value>\d+); keep one of the two",
        noted("This row stands in row {value} already."),
        noted("Keep one of the two."),
    ),
    rule(
        r"'(?P<value>.*)' does not lie between months_low (?P<low>\S+) and months_high "
        r"(?P<high>\S+);.*",
        noted("“{value}” does not lie between the low months, {low}, and the high, {high}."),
        noted("Write all three, or the median alone."),
    ),
    rule(
        r"'(?P<value>.*)' makes the shares of what (?P<state>.*) buys of (?P<good>\w+) sum to "
        r"(?P<total>\S+) .*",
        noted("“{value}” makes the shares of what {state} buys of {good} sum to {total}."),
        noted("Write rows for the other origins too, so that they sum to 1."),
    ),
    rule(
        r"'(?P<value>.*)' makes your rows take (?P<tonnes>\S+) t a month of (?P<good>\w+) from "
        r"(?P<state>.*), which makes (?P<made>\S+) at the start;.*",
        noted(
            "“{value}” takes {tonnes} t of {good} a month from {state}, which makes {made} t "
            "at the "
            "start."
        ),
        noted("Write a smaller share."),
    ),
    rule(
        r"'(?P<value>.*)' cannot be balanced: .* it would be (?P<high>\S+); .*",
        noted(
            "“{value}” cannot be balanced: for all that is made to be bought it would be {high}."
        ),
        noted("Write {high}, or rows for fewer states."),
    ),
    rule(
        r"'(?P<state>.*)' (?P<does>makes|uses) no (?P<good>\w+) at the start "
        r"(?P<value>\S+); (?P<fix>.*)",
        noted("“{state}” neither makes nor uses {good} at the start."),
    ),
    rule(
        r"'(?P<value>.*)' is before the start (?P<low>\S+), and .*",
        noted(
            "“{value}” is before the start, {low}, and what ran by then is in the start's output."
        ),
        noted("Write {low}: the plant opens with the start and ramps up."),
    ),
    rule(
        r"'(?P<value>.*)' is a plant of the start already, .*",
        noted("“{value}” is the name of a plant that is there already or may be built."),
        noted("Write another name."),
    ),
    rule(
        r"'(?P<value>.*)' is not the start of this scenario, which begins in (?P<low>\S+); .*",
        noted("“{value}” is not the start of this scenario, which begins in {low}."),
        noted("Leave the column out."),
    ),
    rule(
        r"table '(?P<value>.*)' (?:takes no rows of your own|lists what is known).*",
        noted("Table “{value}”: it takes no rows of your own."),
        noted("Choose stocks, trade or plants."),
    ),
    *ACTS,
    # files
    rule(
        r"the file holds no text; .*",
        noted("The file holds no text."),
        noted("Upload a scenario as plain YAML."),
    ),
    rule(
        r"the file is an archive or a picture; .*",
        noted("The file is an archive or a picture."),
        noted("Unpack it and upload the YAML file itself."),
    ),
    rule(
        r"the file has (?:more than )?(?P<value>[\d,]+) bytes; .*",
        noted("The file has {value} bytes, which is too much for a page."),
        noted("Upload a shorter one, or run it in a terminal."),
    ),
    rule(
        r"byte .* is not UTF-8 text; .*",
        noted("The file is not text in UTF-8."),
        noted("Save it as UTF-8."),
    ),
    rule(
        r".* line (?P<line>\d+), column \d+: '(?P<value>.*)' is not YAML \(aliases .*",
        noted("Line {line} of the file: “{value}” has an alias."),
        noted("Write the value out."),
    ),
    rule(
        r".* line (?P<line>\d+), column \d+: '(?P<value>.*)' is not YAML \(tags .*",
        noted("Line {line} of the file: “{value}” has a tag."),
        noted("Write the value alone."),
    ),
    rule(
        r".* line (?P<line>\d+), column \d+: '(?P<value>.*)' is not YAML .*",
        noted("Line {line} of the file: “{value}” is not YAML."),
        noted("Check indents, colons and quotes."),
    ),
    rule(
        r"'(?P<value>.*)' is not YAML .*",
        noted("“{value}” is not YAML."),
        noted("Check indents, colons and quotes."),
    ),
    rule(
        r"the file is not YAML .*",
        noted("The file is not YAML."),
        noted("Save it as plain text."),
    ),
    rule(
        r"lists or mappings are nested too deeply; .*",
        noted("The file is nested too deeply."),
        noted("A scenario needs three levels."),
    ),
    rule(
        r"'(?P<value>.*)' is not a scenario; .*",
        noted("“{value}” is not a scenario."),
        noted("Write keys and values, at least a name and a start."),
    ),
    rule(
        r"key '(?P<value>.*)' is not known(?: for a \w+)?; (?P<fix>.*)",
        noted("Key “{value}”: there is none of this name."),
    ),
    rule(
        rf"{_F} {_V} is not a start that exists; use (?P<names>.*)",
        noted("{field}: “{value}” is not a start that exists."),
        noted("Use one of these: {names}."),
    ),
    rule(
        r"id '(?P<value>.*)' is used twice; .*",
        noted("Name of an act: “{value}” is used twice."),
        noted("Give each act its own."),
    ),
    rule(
        rf"{_F} {_V} is not a list(?: of name: value)?; .*",
        noted("{field}: “{value}” is not a list."),
        noted("Write an entry a line."),
    ),
    rule(
        rf"mechanism {_F} {_V} is neither on nor off; .*",
        noted("{field}: “{value}” is neither on nor off."),
        noted("Write true or false."),
    ),
    rule(
        rf"(?P<state>{'|'.join(GOVERNMENTS)}) decides by its rule; .*",
        noted("{state} decides by its rule, and has acts written too."),
        noted("Leave its acts out, or let it be scripted."),
    ),
    rule(
        rf"government (?P<state>[^']+?) {_V} is not known; (?P<fix>.*)",
        noted("How {state} decides: “{value}” is not known here."),
    ),
    rule(
        r"(?P<what>[a-z ]+): (?P<count>\d+) in (?P<span>[\w ]+) are enough; wait (?P<wait>[\w ]+) "
        r"and try again",
        noted("{what}: {count} in {span} are enough."),
        noted("Wait {wait} and try again."),
    ),
    rule(
        r"month of the cut-off '(?P<value>.*)' is not a month; .*",
        noted("Month of the cut-off: “{value}” is not a month."),
        noted("Write a month as 2026-01."),
    ),
    rule(
        r"month of the cut-off '(?P<value>.*)' is (?:before|after)\b.*; (?P<fix>use a month .*)",
        noted("Month of the cut-off: “{value}” is not within the run."),
    ),
    rule(
        r"the server has too much to do just now; try again in a minute",
        noted("The server has too much to do just now."),
        noted("Try again in a minute."),
    ),
    # what many have in common
    rule(
        rf"{_F} {_V} (?:is not known|is not a state that exists)(?: for a \w+)?; (?P<fix>.*)",
        noted("{field}: “{value}” is not known here."),
    ),
    rule(rf"{_V} is not known; (?P<fix>.*)", noted("“{value}” is not known here.")),
    rule(
        rf"{_F} {_V} is not within the run; (?P<fix>.*)",
        noted("{field}: “{value}” is not within the run."),
    ),
    rule(rf"{_F} {_V} is not a month; (?P<fix>.*)", noted("{field}: “{value}” is not a month.")),
    rule(rf"{_F} {_V} is not a date; (?P<fix>.*)", noted("{field}: “{value}” is not a date.")),
    rule(rf"{_V} is not a month; (?P<fix>.*)", noted("“{value}” is not a month.")),
    rule(rf"{_V} is not a date; (?P<fix>.*)", noted("“{value}” is not a date.")),
    rule(
        rf"{_F} {_V} is not text; put it in quotes",
        noted("{field}: “{value}” is not text."),
        noted("Put it in quotes."),
    ),
    rule(
        rf"(?:{_F} )?{_V} has (?P<low>\d+) characters; use at most (?P<high>\d+)",
        noted("{field}: “{value}” is too long."),
        noted("Use at most {high} characters."),
    ),
    rule(
        rf"(?:{_F} )?{_V} holds (?P<low>.*), which is no character of a text; leave it out",
        noted("{field}: “{value}” holds a sign that no text has."),
        noted("Leave it out."),
    ),
    rule(rf"{_V} is not a (?:whole )?number; (?P<fix>.*)", noted("“{value}” is not a number.")),
    rule(
        rf"(?:parameter )?{_F} {_V} is not a (?:whole )?number; (?P<fix>.*)",
        noted("{field}: “{value}” is not a number."),
    ),
    rule(
        r"parameter (?P<field>\w+) (?P<value>[^\s']+) is out of range; (?P<fix>.*)",
        noted("{field}: “{value}” is out of range."),
    ),
    rule(rf"{_V} is out of range; (?P<fix>.*)", noted("“{value}” is out of range.")),
    rule(
        r"(?P<value>[^\s']+) is out of range; (?P<fix>.*)",
        noted("{field}: “{value}” is out of range."),
    ),
    rule(rf"{_F} {_V} does not fit; (?P<fix>.*)", noted("{field}: “{value}” does not fit.")),
    rule(
        r"(?P<label>[^:']+) '(?P<value>.*)' is not a number; (?P<fix>.*)",
        noted("{label}: “{value}” is not a number."),
    ),
    rule(
        r"(?P<label>[^:']+) '(?P<value>.*)' does not fit; (?P<fix>.*)",
        noted("{label}: “{value}” does not fit."),
    ),
)
