"""What the door says: a sentence or two a panel, each whole, with names and numbers from tables and
histories.
"""

from __future__ import annotations

from typing import Final

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.findings.lab_answers import short_answer, stops_answer
from coercivity.experiments.lab.histories import Histories
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.finding_text import finding_or_empty
from coercivity.viz.words.language import noted, say
from coercivity.viz.words.range_text import number_in_words

LOST: Final = "output_lost_24m"  # the headline that the lever's answer is about

QUESTION: Final = noted("Can China stop Japan’s factories?")
MAGNET: Final = noted(
    "Rare-earth magnets are the strongest there are. They turn the motors of electric cars, drones "
    "and robots, and China makes {share} of them."
)
MADE: Final = noted("Where magnets are made, by weight, at the start of {year}.")
ONWARD: Final = noted("Why, and what happens")

STEPS_TITLE: Final = noted("Many mine. China makes the magnets.")
STEPS: Final = noted(
    "Ore is mined, its elements are separated, magnets are made. Of the heavy rare earths, which "
    "keep magnets strong in a hot motor, China separated {share}. All shares are of the tonnes of "
    "the world at the start of {year}."
)
STEP_TITLES: Final = {
    "mines": noted("Mines"),
    "separation": noted("Separation"),
    "magnets": noted("Magnets"),
}
STEP_SHARE: Final = noted("{share} in {state}")
PLACE: Final = noted("{state} {share}")
SHORT: Final = {"United States": noted("US")}  # beside a circle
MAP_WORDS: Final = noted("World map, {step}: {places}.")  # for who does not see it

ACTS_TITLE: Final = noted("First a licence, then a ban")
TILES: Final = noted("{count} rare earths")
LICENCE: Final = noted(
    "Whoever buys: {count} rare earths, and the magnets that contain them, leave China only with a "
    "licence."
)
BAN: Final = noted(
    "None for Japan’s military, or for anything that strengthens it. Civilian users, China says, "
    "are not affected."
)
# as the act names them; here for the translators
ELEMENTS: Final = (
    noted("samarium"),
    noted("gadolinium"),
    noted("terbium"),
    noted("dysprosium"),
    noted("lutetium"),
    noted("scandium"),
    noted("yttrium"),
)

STORY_TITLE: Final = noted("What happens next, in the model")
STORY: Final = noted(
    "The model lives through it {draws} times. In each history luck, and what nobody knows, are "
    "drawn anew."
)
STORY_CHART: Final = noted("Output of makers in {state} that need these parts, % of what they plan")
STORY_MARKS: Final = (noted("licences"), noted("ban on Japan"))
STORY_BAND: Final = noted("8 of 10 histories")
STORY_MIDDLE: Final = noted("the middle of them")
STORY_WORDS: Final = noted(  # for who does not see it
    "Chart of the output of makers in {state} from {first} to {last}: in the worst month from "
    "{since} on, {month}, the middle history has {middle} of what is planned, and at most one in "
    "ten has less than {low}; {twin}, the middle one has {quiet}."
)
STORY_CAVEAT: Final = noted("A model, not a forecast: it halts lines that in truth ran on.")
STORY_RECORD: Final = noted("Where it was wrong")

TURN_TITLE: Final = noted("Your turn: how far does China go?")
TURN_REST: Final = noted("as it did: ban and lists")  # at rest, for "as the scenario has it"
TURN_HINT: Final = noted("move the lever, and see")
TURN_DOTS: Final = noted(
    "Each dot is a history: USD bn of output lost in two years. At least 8 of 10 lie in the range."
)
TURN_OPEN: Final = noted("Open the whole lab")
TURN_MORE: Final = noted("{levers} more levers, {states} states, {years} years")
WAITING: Final = noted("The histories are being run …")
SO_FAR: Final = noted("{came} of {draws} histories so far")
WAITS: Final = noted(
    "{came} of {draws} histories so far, and {others} of the same {twin}. The answer comes with "
    "both."
)
SOURCE_OF: Final = noted("Source:")
RECKONED: Final = noted("The project’s reckoning from several sources; China’s tonnes after:")


def percent(share: float) -> str:
    """A share of a table as whole per cent."""
    return number_in_words(share, "share")


def day(date: str) -> str:
    """A day as a reader would write it: '6 January 2026' for 2026-01-06."""
    return date_in_words(date)


def short_source(source: str) -> str:
    """Who says it, without what the work is called and by way of whom."""
    for end in (" (", ' "', ", via", " via "):
        source = source.split(end)[0]
    return source.strip(" ,")


def stop_sentence(mine: Histories, twin: Histories, asked: FindingRequest) -> str:
    """In how many histories a line stops within two years, and in how many of the twin's; '' while
    those of the twin are not all there: it is the difference that is asked for.
    """
    return finding_or_empty(stops_answer(mine, twin, asked, complete=True))


def lost_sentence(mine: Histories, twin: Histories, asked: FindingRequest) -> str:
    """What output is lost in two years, against the twin; '' while the histories are too few, or
    those of the twin are not all there.
    """
    return finding_or_empty(short_answer(mine, twin, asked, complete=True))


def waits(mine: Histories, twin: Histories, asked: FindingRequest, draws: int) -> str:
    """What has come so far, while the answer waits for the twin's histories."""
    return say(WAITS, came=len(mine), draws=draws, others=len(twin), twin=asked.twin)
