"""What press, market and parliaments may see of a room, as plain values for their pages; and what
all may see of the first two.

Headlines and odds are public as soon as they are printed and staked. Nothing here reads a sheet, a
proposal or an offer: of the teams it knows what `common_view` shows to everybody, and of its state
a parliament knows what the state's own brief tells the public.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from coercivity.viz.classroom.engine import market, parliament, press
from coercivity.viz.classroom.engine.game_state import MOST_ROUNDS
from coercivity.viz.classroom.engine.game_tables import GOVERNMENT, cards, deal_kinds
from coercivity.viz.classroom.engine.market import MARKETS, PURSE, Bet, Outcome
from coercivity.viz.classroom.engine.press import CLAIMS, MOST_HEADLINES, SURE, Claim, Headline
from coercivity.viz.classroom.rooms.press_and_market_jobs import SettledRounds
from coercivity.viz.classroom.rooms.roles import CONCEDES, CONCEDES_IN, count, is_backed
from coercivity.viz.classroom.rooms.room import Room
from coercivity.viz.classroom.rooms.state import BOARD, LONGEST_TEXT, MARKET, PRESS, kind_of
from coercivity.viz.classroom.rooms.views import months_of
from coercivity.viz.classroom.words.game_text import (
    fact_in_words,
    number_hint,
    number_label,
    number_unit,
)
from coercivity.viz.words.dates import date_in_words
from coercivity.viz.words.fact_names import number as written
from coercivity.viz.words.fact_names import percent
from coercivity.viz.words.language import Name, noted, numeral, say

Plain = dict[str, Any]
# numbers of a state's brief that its statistics office would publish
PUBLISHED: Final = ("down", "lost", "dependence")
OPEN: Final = ("brief", "talk")  # phases in which one may print, bet and vote
OVER: Final = ("reveal", "debrief")
COINS: Final = (10, 25, 50)  # that a button stakes, beside all that is left
LEFT: Final = noted("Somebody who has left")
USUAL: Final = noted(
    "Usual is where such a number ends this half-year in most games, from where it stands now."
)
NOW: Final[Mapping[str, Mapping[str, str]]] = {  # what to do, by role and phase
    PRESS: {
        "lobby": noted("You are in. The game begins when the facilitator starts it."),
        "brief": noted("Ask around, then print what you think will come true."),
        "talk": noted("Ask around, then print what you think will come true."),
        "sealed": noted("The round is closed. What is printed stands: wait for the reveal."),
        "reveal": noted("This is what came true."),
        "debrief": noted("The game is over. These are the papers, by points."),
    },
    MARKET: {
        "lobby": noted("You are in. The game begins when the facilitator starts it."),
        "brief": noted("Bet coins: do numbers end above or below usual?"),
        "talk": noted("Bet coins: do numbers end above or below usual?"),
        "sealed": noted("The round is closed. Your bets stand: wait for the reveal."),
        "reveal": noted("This is how the numbers moved."),
        "debrief": noted("The game is over. These are the traders, by coins."),
    },
    BOARD: {
        "lobby": noted("You are in. The game begins when the facilitator starts it."),
        "brief": noted("Hear your government and others, then vote."),
        "talk": noted("Hear your government and others, then vote."),
        "sealed": noted("The vote is closed. Wait for the reveal."),
        "reveal": noted("This is what your state did."),
        "debrief": noted("The game is over. This is what your parliament let pass."),
    },
}


def current_task(room: Room, place: str) -> str:
    """What somebody in a role does now."""
    return say(NOW[kind_of(place)][room.phase])


# ---------------------------------------------------------------- what all may see


def public_gallery(room: Room) -> Plain:
    """What all may see of press and market in this round: {round, headlines: [{paper, claim, label,
    text, sure}], odds: [{market, label, unit, chance, coins}]}. paper: the name of who prints;
    sure: %; chance: 0-1 that the number rises; coins: staked by traders.
    """
    staked = [bet for bet in room.bets if bet.round == room.round]
    return {
        "round": room.round,
        "headlines": [
            headline_view(room, one) for one in room.headlines if one.round == room.round
        ],
        "odds": [
            {
                "market": name,
                "label": _label(name),
                "hint": _hint(name),
                "unit": _unit(name),
                "chance": market.chance(pool),
                "coins": sum(bet.coins for bet in staked if bet.market == name),
            }
            for name, pool in market.pools(staked, room.round).items()
        ],
    }


def headline_view(room: Room, one: Headline) -> Plain:
    """A headline with the name of its paper; one without words of its own has its claim's."""
    label = say(CLAIMS[one.claim].label)
    return {
        "paper": name_of(room, one.person),
        "claim": one.claim,
        "label": label,
        "text": one.text or label,
        "sure": one.sure,
    }


def name_of(room: Room, person: int) -> str:
    """The name of a person, also of one who has left."""
    found = room.people.get(person)
    return found.name if found else say(LEFT)


# ---------------------------------------------------------------- press


def press_view(room: Room, person: int, courses: str, settled: SettledRounds) -> Plain:
    """What a paper sees: its claims to choose from, what it has printed, what came of it. courses:
    of the claims in this round (gallery_jobs.courses), '' while they are computed.
    """
    usual = json.loads(courses) if courses else {}
    number, is_open = room.round, room.phase in OPEN
    ended = room.phase == "debrief"
    came = settled.came if room.phase in OVER else {}
    printed = [one for one in room.headlines if one.round == number]
    mine = [one for one in room.headlines if one.person == person and (ended or one in printed)]
    taken = [one.claim for one in mine]
    return {
        "heading": say("Press: {name}", name=name_of(room, person)),
        "phase": room.phase,
        "round": number,
        "open": is_open,
        "about": [
            say(
                "You write a newspaper. For each half-year you may print {count} headlines, each a "
                "claim about how it will end.",
                count=MOST_HEADLINES,
            ),
            say(
                "Say how sure you are: right and sure earns most, wrong and sure costs more than "
                "it could have earned. After the reveal the model says what came true."
            ),
            say(USUAL),
        ],
        "left": MOST_HEADLINES - len(mine),
        "enough": say(
            "{count} headlines are printed. Take one back to print another.", count=MOST_HEADLINES
        ),
        "until": say(
            "True by the end of {month}",
            month=date_in_words(months_of(min(number, MOST_ROUNDS))[1]),
        ),
        "claims": [
            {
                "id": name,
                "label": say(claim.label),
                "usual": _usual_number_words(claim, usual.get(name)),
            }
            for name, claim in CLAIMS.items()
            if is_open and name not in taken
        ],
        "sure": [
            {
                "sure": sure,
                "words": percent(sure / 100.0),
                "stakes": say(
                    "{win} if true, {loss} if not",
                    win=signed_number(press.points(sure, True)),
                    loss=signed_number(press.points(sure, False)),
                ),
            }
            for sure in SURE
        ],
        "longest": LONGEST_TEXT,
        "mine": [_printed_headline(room, one, came) for one in mine],
        "others": [
            _printed_headline(room, one, came)
            for one in printed
            if one.person != person and not ended
        ],
        "known": number in came,
        "papers": _papers(room, person, settled) if room.phase in OVER else [],
    }


def _usual_number_words(claim: Claim, usual: float | None) -> str:
    """The number that a claim is about: '> 640 USD/kg'; '' where there is none or it is not known
    yet.
    """
    if claim.asked is None or usual is None:
        return ""
    return f"{'>' if claim.way > 0 else '<'} {written(usual)} {number_unit(claim.asked)}"


def _printed_headline(room: Room, one: Headline, came: Mapping[int, Mapping[str, bool]]) -> Plain:
    """A headline, and what it earned where that is known."""
    told: Plain = headline_view(room, one) | {
        "round": one.round,
        "said": say("{percent} sure", percent=percent(one.sure / 100.0)),
        "own": one.text,
    }
    if one.round in came:
        true = came[one.round][one.claim]
        told |= {
            "came": true,
            "verdict": say("came true") if true else say("did not come true"),
            "points": signed_number(press.points(one.sure, true)),
        }
    return told


def _papers(room: Room, person: int, settled: SettledRounds) -> list[Plain]:
    """All papers by points; none before any round is known."""
    if not settled.came:
        return []
    known = [one for one in room.headlines if one.round in settled.came]
    won = dict.fromkeys(numbers_of(room, PRESS, known), 0.0) | press.sums(known, settled.came)
    return [
        _ranking_entry(room, entry, person)
        | {
            "printed": sum(one.person == entry[1] for one in known),
            "right": sum(
                one.person == entry[1] and settled.came[one.round][one.claim] for one in known
            ),
        }
        for entry in market.rank_sums(won)
    ]


# ---------------------------------------------------------------- market


def market_view(room: Room, person: int, numbers: str, settled: SettledRounds) -> Plain:
    """What a trader sees: every number with its odds, his bets, what another would pay, what came
    of them. numbers: those of today (gallery_jobs.numbers), '' while they are computed.
    """
    number, today = room.round, json.loads(numbers) if numbers else {}
    found = settled.outcomes.get(number, {}) if room.phase in OVER else {}
    mine = {one.market: one for one in room.bets if (one.round, one.person) == (number, person)}
    left = PURSE - sum(one.coins for one in mine.values())
    pools = market.pools(room.bets, number)
    return {
        "heading": say("Market: {name}", name=name_of(room, person)),
        "phase": room.phase,
        "round": number,
        "open": room.phase in OPEN,
        "about": [
            say(
                "You trade. For each half-year you have {coins} coins to bet on five numbers: do "
                "they end above or below usual?",
                coins=PURSE,
            ),
            say(USUAL),
            say(
                "Who is right shares the coins of who is wrong, by what was staked. Where a number "
                "ends as usual, stakes go back."
            ),
        ],
        "purse": say("{left} of {purse} coins left", left=left, purse=PURSE),
        "left": left,
        "coins": [*map(str, COINS), say("All")],
        "markets": [
            _market(name, pools[name], mine.get(name), left, today.get(name), found.get(name))
            for name in MARKETS
            if room.phase != "debrief"  # which looks at the whole game
        ],
        "known": bool(found),
        "sum": _sum_in_words(market.gains(room.bets, number, found).get(person, 0.0))
        if found and room.phase != "debrief"
        else "",
        "traders": _traders(room, person, settled) if room.phase in OVER else [],
    }


def _market(
    name: str,
    pool: Mapping[str, int],
    mine: Bet | None,
    left: int,
    today: list[float] | None,
    outcome: Outcome | None,
) -> Plain:
    """A number that is bet on, for one trader."""
    chance = market.chance(pool)
    told: Plain = {
        "id": name,
        "label": _label(name),
        "hint": _hint(name),
        "unit": _unit(name),
        "value": today[0] if today else None,
        "usual": today[1] if today else None,
        "chance": chance,
        "rises": say("Above: {percent}", percent=percent(round(chance, 2))),
        "mine": None,
        "pays": _payouts_by_side(pool, mine, left),
    }
    if mine:
        right = outcome.side if outcome else None
        told["mine"] = {
            "side": mine.side,
            "coins": mine.coins,
            "said": say("You: {coins} on above", coins=mine.coins)
            if mine.side == "up"
            else say("You: {coins} on below", coins=mine.coins),
            "gain": signed_number(market.gain(mine, pool, right)) if right is not None else "",
        }
    if outcome:
        told |= {
            "before": outcome.before,
            "usual": outcome.usual,
            "after": outcome.after,
            "verdict": {"up": say("above usual"), "down": say("below usual"), "": say("as usual")}[
                outcome.side
            ],
        }
    return told


def _label(name: str) -> str:
    return number_label(MARKETS[name].asked)


def _hint(name: str) -> str:
    return number_hint(MARKETS[name].asked)


def _unit(name: str) -> str:
    return number_unit(MARKETS[name].asked)


def _payouts_by_side(
    pool: Mapping[str, int], mine: Bet | None, left: int
) -> dict[str, list[Plain | None]]:
    """What a bet on each side would pay back if it is right, in place of one's own on this number:
    for each of COINS and for all that is left; None where one has not so much.
    """
    without = dict(pool)
    if mine:
        without[mine.side] -= mine.coins
    able = left + (mine.coins if mine else 0)
    return {
        side: [
            {"coins": coins, "back": round(market.payout_of_bet(without, side, coins))}
            if 0 < coins <= able
            else None
            for coins in (*COINS, able)
        ]
        for side in market.SIDES
    }


def _traders(room: Room, person: int, settled: SettledRounds) -> list[Plain]:
    """All traders by coins; none before any round is known."""
    if not settled.outcomes:
        return []
    known = [one for one in room.bets if one.round in settled.outcomes]
    won = dict.fromkeys(numbers_of(room, MARKET, known), 0.0) | market.sums(known, settled.outcomes)
    return [
        _ranking_entry(room, entry, person)
        | {"staked": sum(one.coins for one in known if one.person == entry[1])}
        for entry in market.rank_sums(won)
    ]


def _sum_in_words(coins: float) -> str:
    return say("In this half-year: {coins} coins", coins=signed_number(coins))


# ---------------------------------------------------------------- words


def numbers_of(room: Room, place: str, acted: Iterable[Headline | Bet]) -> list[int]:
    """Numbers of all who are in a role, or have left it and did something there, by joining."""
    return sorted({one.number for one in room.at(place)} | {one.person for one in acted})


def _ranking_entry(room: Room, entry: tuple[int, int, float], person: int) -> Plain:
    """An entry of a ranking."""
    place, number, value = entry
    return {
        "place": place,
        "person": number,
        "name": name_of(room, number),
        "me": number == person,
        "sum": signed_number(value),
    }


def signed_number(value: float) -> str:
    """A whole number with its sign: '+75', '−44', '0'."""
    whole = round(value)
    return numeral(f"{whole:+d}").replace("-", "−") if whole else "0"


def board_view(room: Room, seat: str, person: int, brief: str) -> Plain:
    """What a member of a parliament sees: the question, the count, his vote, what a concession
    means, and what his state did. brief: of the seat (game_jobs.brief), '' while it is computed.
    """
    state, number = Name(GOVERNMENT[seat]), room.round
    told = json.loads(brief) if brief else None
    for_it, against = count(room, seat)
    members = len(room.at(BOARD + seat))
    return {
        "heading": say(
            "Parliament of {state:the}: {name}", state=state, name=name_of(room, person)
        ),
        "phase": room.phase,
        "round": number,
        "open": room.phase in OPEN,
        "about": [
            say(
                "You sit in the parliament of {state:the}. Your government can concede to China "
                "only with more of you for it than against.",
                state=state,
            ),
            say(
                "Your score is that of your state, and each concession costs {points} points of "
                "it.",
                points=numeral(f"{parliament.price():g}"),
            ),
        ],
        "question": say("May {state:the} concede to China in this half-year?", state=state),
        "vote": room.backs.get(seat, {}).get(person),
        "count": say(
            "{yes} yes, {no} no, {rest} neither.",
            yes=for_it,
            no=against,
            rest=members - for_it - against,
        ),
        "stands": say("As it stands, it may.")
        if is_backed(room, seat)
        else say("As it stands, it may not."),
        "means": _means(room, seat),
        "numbers": [
            {name: one[name] for name in ("id", "label", "unit", "value", "before")}
            for one in map(fact_in_words, told["numbers"] if told else ())
            if one["id"] in PUBLISHED
        ],
        "score": _score_in_words(room, seat, told) if told and room.game.played else "",
        "did": _concession_sentence(room, seat, number) if room.phase == "reveal" else "",
        "rounds": [_vote_of(room, seat, person, one) for one in range(1, room.game.played + 1)],
    }


def _means(room: Room, seat: str) -> list[Plain]:
    """How the state could concede, and what that does."""
    found = []
    card, deal = cards()[seat].get(CONCEDES), deal_kinds()[CONCEDES_IN]
    if card:
        found.append({"label": say(card.label), "does": say(card.does)})
    if seat in deal.other and set(deal.first) & set(room.game.seats):
        found.append({"label": say(deal.label), "does": say(deal.does)})
    return found


def _score_in_words(room: Room, seat: str, told: Plain) -> str:
    score = parliament.score(room.game, seat, told["score"]["score"])
    return say("Your parliament's score so far: {score} of 100", score=numeral(f"{score:.0f}"))


def _concession_sentence(room: Room, seat: str, number: int) -> str:
    """Whether a concession was made in a round that is played."""
    state, how = Name(GOVERNMENT[seat]), parliament.ways_conceded(room.game, number, seat)
    if "card" in how:
        return say("{state:the} gave way to China in public.", state=state)
    if how:
        return say("{state:the} conceded to China in a deal for licences.", state=state)
    return say("{state:the} conceded nothing.", state=state)


def _vote_of(room: Room, seat: str, person: int, number: int) -> Plain:
    """What a parliament voted in a round that is played, and what the state did."""
    votes = room.voted.get((number, seat), {})
    return {
        "round": number,
        "yes": sum(votes.values()),
        "no": len(votes) - sum(votes.values()),
        "mine": _vote_word(votes.get(person)),
        "conceded": _vote_word(bool(parliament.ways_conceded(room.game, number, seat))),
    }


def _vote_word(yes: bool | None) -> str:
    if yes is None:
        return say("Neither")
    return say("Yes") if yes else say("No")
