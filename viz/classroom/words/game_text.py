"""The class game in the language that is spoken: cards, deals, seats and goals as the tables have
them, and what is told of a round.

Workers tell in English, the same for all who ask; each number of theirs knows which one it is
(engine/numbers.py) and each line its sentence (engine/team_briefs.py), so that it
is said here for one visitor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from coercivity.model.basis.errors import Phrase
from coercivity.model.basis.facts import Facts
from coercivity.viz.classroom.engine import debrief, team_briefs
from coercivity.viz.classroom.engine.card_menu import refused_words
from coercivity.viz.classroom.engine.game import QUESTION
from coercivity.viz.classroom.engine.game_state import Choices, Game, Move, pack_json, unit_of
from coercivity.viz.classroom.engine.game_tables import WORDS, cards, deal_kinds, goals, seats
from coercivity.viz.classroom.engine.game_tables import words as option_words
from coercivity.viz.classroom.engine.numbers import NUMBERS, NumberRequest
from coercivity.viz.classroom.engine.press import CLAIMS
from coercivity.viz.classroom.engine.round_effects import WALK_OUT, DealRecord, Pledge, label_of
from coercivity.viz.classroom.engine.scoring import BROKE, price_of_breach
from coercivity.viz.classroom.words.choices_on_cards import choice_name, months_in_words, option
from coercivity.viz.classroom.words.news_text import act_in_words, deal_sentences, event_in_words
from coercivity.viz.classroom.words.news_text import decision as decision_of
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.event_phrases import A_PLANT, with_name
from coercivity.viz.words.firm_names import firm_name, is_unnamed
from coercivity.viz.words.language import (
    Name,
    list_names,
    noted,
    numeral,
    say,
    says,
)
from coercivity.viz.words.names import in_sentence, named_in_sentence

Plain = dict[str, Any]
_ROW: Final = re.compile(r"^\w+\.csv \w+: ")


# ---------------------------------------------------------------- what stands on sheets


def seat_name(seat: str) -> str:
    """Who sits in a seat."""
    return say(seats()[seat].name)


def terms(choices: Choices | Mapping[str, Any]) -> str:
    """What was chosen, without brackets."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    return list_names(
        say("{name}: {value}", name=choice_name(name), value=option(str(value), name))
        for name, value in pairs
    )


def card_label(seat: str, move: Move) -> str:
    """What a move's card is called."""
    return say(label_of(seat, move))


def move_words(seat: str, move: Move) -> str:
    """A move in one line: 'Blanket ban (whom: Japan, goods: all)'."""
    told = terms(move.choices)
    label = card_label(seat, move)
    return say("{label} ({terms})", label=label, terms=told) if told else label


def on_menu(card: Plain) -> Plain:
    """A card as it is offered (engine/card_menu.py)."""
    return {
        **card,
        **{
            name: say(card[name])
            for name in ("label", "short", "does", "limits", "example")
            if card[name]
        },
        "choices": choices_in_words(card["choices"]),
        "unit": say(card["unit"]),
        "source": say("Source: {source}", source=source_of(card["source"])),
        "refused": line_in_words(card["refused"]),
        "example_date": date_in_words(card["example_date"]),
    }


def source_of(row: str) -> str:
    """Who says what a card's example tells: the source of its row without the table and the number
    under which it stands there.
    """
    return _ROW.sub("", row)


def deal_on_menu(deal: Plain) -> Plain:
    """A deal as it is offered."""
    said = ("label", "does", "i_must", "they_must", "example")
    return {
        **deal,
        **{name: say(deal[name]) for name in said if deal[name]},
        "choices": choices_in_words(deal["choices"]),
        "example_date": date_in_words(deal["example_date"]),
    }


def choices_in_words(choices: list[Plain]) -> list[Plain]:
    """What is to be chosen, and from what."""
    return [
        {
            **one,
            "label": choice_name(one["name"]),
            "options": [
                {
                    **each,
                    "label": option(each["value"], one["name"])
                    if one["name"] != "deal"
                    else each["label"],
                }
                for each in one["options"]
            ],
        }
        for one in choices
    ]


def decisions(game: Game) -> dict[str, str]:
    """Every decision of a game in words, by its key."""
    return {key: decision(game, key) for key, _ in debrief.decisions(game)}


def decision(game: Game, key: str) -> str:
    """A decision of a game in words; keys are those of `debrief.decisions`."""
    number, who, place = key.split(".")
    this_round, at = game.rounds[int(number) - 1], int(place) - 1
    if who != "deal":
        return say(
            "Round {round}, {seat}: {move}",
            round=number,
            seat=seat_name(who),
            move=move_words(who, this_round.of(who)[at]),
        )
    deal = this_round.deals[at]
    return say(
        "Round {round}: {deal}, {first} and {other}",
        round=number,
        deal=say(deal_kinds()[deal.kind].label),
        first=seat_name(deal.first),
        other=seat_name(deal.other),
    )


def predicted_words(number: float | None) -> str:
    """A predicted number in words: '7.5 months', '2027'; '' where there is none."""
    if number is None:
        return ""
    if unit_of(number) == "year":
        return f"{number:g}"
    return months_in_words(number)


BREAKS: Final[Mapping[str, str]] = {  # what follows a move that breaks a deal, by what it voids
    "all": noted(
        "This breaks the deal {deal} ({other}): nothing of it takes effect, and you lose {points} "
        "points."
    ),
    "concession": noted(
        "This breaks the deal {deal} ({other}): it ends, the concession counts no more, and you "
        "lose {points} points."
    ),
    "nothing": noted(
        "This breaks the deal {deal} ({other}): it ends, and you lose {points} points."
    ),
}


def breaks(pledge: Pledge, seat: str, game: Game) -> str:
    """What a seat is told before it breaks a deal."""
    first, other = pledge.deal.parties
    of = {
        "deal": say(deal_kinds()[pledge.deal.kind].label),
        "other": seat_name(other if seat == first else first),
    }
    if game.binding:
        return say("This breaks the deal {deal} ({other}), and deals bind: it is refused.", **of)
    if not price_of_breach(game.rules):
        return say(
            "This breaks the deal {deal} ({other}): it ends, and your word counts for less.", **of
        )
    return say(BREAKS[pledge.voids], points=numeral(f"{price_of_breach(game.rules):g}"), **of)


def broken_deal_words(held: DealRecord) -> str:
    """Who broke a deal and since when it is broken; '' while nobody has."""
    if not held.broken_in:
        return ""
    wording = (
        noted("broken by {who} in round {round}, at once")
        if held.broken_in == held.since
        else noted("broken by {who} in round {round}")
    )
    return say(wording, who=seat_name(held.broken_by), round=held.broken_in)


# ---------------------------------------------------------------- what workers told


def line_in_words(line: str) -> str:
    """A line of text that knows its sentence; any other as it is."""
    if not isinstance(line, team_briefs.Line):
        return line
    return _sentence(line.wording, line.values)


def _sentence(wording: str, values: Mapping[str, Any]) -> str:
    return say(wording, **{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: Any) -> object:
    match name:
        case "month" | "day":
            return date_in_words(str(value))
        case "name":
            return firm_name(str(value))
        case "missing" | "who" | "deal":
            return say(str(value))
        case _:
            return numeral(f"{value:g}") if isinstance(value, float) else value


def number_label(asked: NumberRequest) -> str:
    """What a number of the class is called."""
    return say(
        NUMBERS[asked.number].label,
        state=Name(asked.state),
        good=named_in_sentence(asked.good) if asked.good else "",
    )


def number_hint(asked: NumberRequest) -> str:
    """What a reader would not think of, beside its label; '' for most."""
    hint = NUMBERS[asked.number].hint
    return say(hint) if hint else ""


def number_unit(asked: NumberRequest, count: int = 0) -> str:
    """Its unit; of makers with how many there are, where that is known."""
    return say("of {count} makers", count=count) if count else say(NUMBERS[asked.number].unit)


def fact_in_words(fact: Plain) -> Plain:
    """A number with its label, its unit and what a reader would not think of."""
    asked = NumberRequest(fact["number"], fact["state"], fact["good"])
    return {
        **fact,
        "label": number_label(asked),
        "unit": number_unit(asked, fact["count"]),
        "hint": number_hint(asked),
    }


def counted_unit(unit: str, count: int) -> str:
    """So many of a unit that is counted; '' for any other unit."""
    if unit == "concessions":
        return says("{count} concession", "{count} concessions", count)
    if unit == "broken deals":
        return says("{count} broken deal", "{count} broken deals", count)
    return ""


def goal_in_words(goal: Plain) -> Plain:
    """A goal with what it is called, how it is worked out, and its unit."""
    told = {**goal, **{name: say(goal[name]) for name in ("label", "formula", "unit")}}
    if goal.get("value") == 1.0:
        one = counted_unit(goal["unit"], 1)
        if one.startswith("1"):  # the page writes the number before it
            told["unit"] = one[1:].strip()
    return told


def brief_in_words(text: str) -> str:
    """The brief of a seat (pages/game_jobs.py)."""
    return _document_in_language(text, _brief)


def _brief(told: Plain) -> Plain:
    score = told["score"]
    return {
        **told,
        "numbers": [fact_in_words(one) for one in told["numbers"]],
        "notes": [
            _sentence(*sentence) if sentence else text
            for text, sentence in zip(told["notes"], told["sentences"], strict=True)
        ],
        "acts": [act_in_words(act) for act in told["acts"]],
        "score": {**score, "goals": [goal_in_words(one) for one in score["goals"]]},
    }


def news_in_words(text: str) -> str:
    """The news of a round: of acts, stops, plants, deals that were broken."""
    return _document_in_language(text, _news)


def _news(told: Plain) -> Plain:
    lines = [
        {
            "month": line["month"],
            "text": _sentence(*line["sentence"]) if line.get("sentence") else _happening(line),
            "big": line["big"],
        }
        for line in told["lines"]
    ]
    return {
        **told,
        "lines": lines,
        "others": _other_governments_moves(
            Phrase.from_plain(line["told"]) for line in told["lines"] if line["told"]
        ),
        "numbers": [fact_in_words(one) for one in told["numbers"]],
    }


def _happening(line: Plain) -> str:
    """What the model tells; a plant that halts in a month that is past has no name."""
    told = Phrase.from_plain(line["told"] or line["text"])
    if not is_unnamed(Facts.default(), line["kind"], line["month"]):
        return event_in_words(told, line["actor"], line["kind"])
    said = event_in_words(with_name(told, A_PLANT), line["actor"], line["kind"])
    return said[:1].upper() + said[1:]


def _other_governments_moves(told: Iterable[Phrase]) -> dict[str, list[Plain]]:
    """What governments without a team have decided, each as a move in words, by government."""
    found: dict[str, list[Plain]] = {}
    for one in told:
        if decided := decision_of(one):
            who, label, chosen = decided
            found.setdefault(who, []).append({"label": label, "terms": chosen})
    return found


def scores_in_words(text: str) -> str:
    """The scores of all seats."""
    return _document_in_language(
        text,
        lambda told: {
            seat: {**score, "goals": [goal_in_words(one) for one in score["goals"]]}
            for seat, score in told.items()
        },
    )


def twin_in_words(text: str) -> str:
    """The numbers of a game beside its twin."""
    return _document_in_language(
        text,
        lambda told: {
            **told,
            "rows": [{**row, **_headline_in_words(row["id"])} for row in told["rows"]],
            "answer": predicted_words(told["months"][0]),
            "answer_twin": predicted_words(told["months"][1]),
        },
    )


def _headline_in_words(name: str) -> Plain:
    asked = debrief.NUMBERS[name]
    return {
        "label": number_label(asked),
        "unit": number_unit(asked),
        "hint": number_hint(asked),
    }


def _document_in_language(text: str, make: Any) -> str:
    """A worker's document in the language that is spoken; '' while there is none."""
    if not text.startswith("{"):
        return text
    return pack_json(make(json.loads(text)))


# ---------------------------------------------------------------- for the translators


def texts() -> Iterator[str]:
    """What stands in the tables and the code of the game."""
    yield from (QUESTION, WALK_OUT.label, WALK_OUT.short, WALK_OUT.does)
    yield from (WALK_OUT.limits, WALK_OUT.example)
    yield from team_briefs.SENTENCES.values()
    yield from deal_sentences()
    yield from refused_words()
    for seat in seats().values():
        yield from (seat.name, seat.who, seat.aims)
    yield from BROKE
    for goal in (one for some in goals().values() for one in some):
        yield from (goal.label, goal.formula, goal.unit)
    options = [value for value in WORDS.values() if value]
    for card in (one for some in cards().values() for one in some.values()):
        yield from filter(None, (card.label, card.short, card.does, card.limits, card.example))
        options += [option_words(one) for _, some in card.choices for one in some]
    for deal in deal_kinds().values():
        yield from filter(
            None, (deal.label, deal.does, deal.first_must, deal.other_must, deal.example)
        )
        options += [option_words(one) for _, some in deal.choices for one in some]
    yield from (one for one in dict.fromkeys(options) if any(map(str.isalpha, one)))
    for number in NUMBERS.values():
        yield from filter(None, (number.label, number.unit, number.hint))
    yield from (claim.label for claim in CLAIMS.values())
    for good in Facts.default().goods:
        yield in_sentence(good)
