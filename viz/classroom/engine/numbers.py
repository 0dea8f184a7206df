"""The numbers of a class. Each is defined here once, with its name, its unit and its window;
briefs, tiles, bets, claims of the press, goals and the debrief ask for it by name, so that what
carries one name is one number wherever it stands.

    lost = Asked("lost", "Japan")
    value(lost, read, until)        of the first `until` months of a reading
    label(lost), unit(lost)         in English; pages say them (words/game_text.py)

"The half-year" is that of a round, the six months before `until`; what has no window in its name is
of the last month. The lab's charts show the same: `price` and `stock` are a line's last month,
`dependence` is the mean of a line's last six.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.model.basis.facts import Facts
from coercivity.model.basis.fixed_names import STAGES
from coercivity.model.results.event_tables import words as good_words
from coercivity.viz.classroom.engine.game_run import Reading, rows_of
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS

HALF: Final = ROUND_MONTHS
YEAR: Final = 12
PLANT_STAGES: Final = [STAGES.index(name) for name in ("separation", "metal", "magnet")]
TO_MAGNETS: Final = [STAGES.index("mining"), *PLANT_STAGES]


@dataclass(frozen=True)
class NumberRequest:
    """A number of this name, of a government or a state, of a good; '' where it is of none."""

    number: str
    state: str = ""
    good: str = ""


Value = Callable[[Reading, int, NumberRequest], float]  # of the first so many months of a reading


@dataclass(frozen=True)
class Number:
    """How a number is called, with {state} and {good} to be filled in, its unit, what exactly it
    is, how it is read, and what a reader would not think of, in half a sentence beside the label. A
    number of makers is told with how many there are.
    """

    id: str
    label: str
    unit: str
    means: str
    value: Value
    hint: str = ""

    @property
    def counts_makers(self) -> bool:
        """Whether it counts makers."""
        return self.unit == MAKERS


MAKERS: Final = "makers"
AFTER_A_STOP: Final = "also in the months after a stop"
NUMBERS: Final[dict[str, Number]] = {}


def number(label: str, unit: str, hint: str = "") -> Callable[[Value], Value]:
    """Declares a function as a number of the class: its name is the number's id, its docstring says
    what it is.
    """

    def declare(read: Value) -> Value:
        name = read.__name__
        means = " ".join((read.__doc__ or "").split())
        NUMBERS[name] = Number(name, label, unit, means, read, hint)
        return read

    return declare


def value(asked: NumberRequest, read: Reading, until: int) -> float:
    """The number after so many months."""
    return float(NUMBERS[asked.number].value(read, until, asked))


def series(asked: NumberRequest, read: Reading) -> list[float]:
    """The number after each month of a reading."""
    return [value(asked, read, until) for until in range(1, read.months + 1)]


def label(asked: NumberRequest) -> str:
    """What it is called, in English."""
    state = ARTICLES.get(asked.state, asked.state)
    return NUMBERS[asked.number].label.format(state=state, good=good_words(asked.good))


ARTICLES: Final = {  # names that take an article within a sentence
    "United States": "the United States",
    "United Kingdom": "the United Kingdom",
    "EU": "the EU",
    "Rest of EU": "the rest of the EU",
    "Rest of world": "the rest of the world",
}


def unit(asked: NumberRequest, read: Reading | None = None) -> str:
    """Its unit, in English; of makers with how many there are, where a reading says so."""
    one = NUMBERS[asked.number]
    return f"of {makers(read, asked.state)} makers" if read and one.counts_makers else one.unit


def makers(read: Reading, state: str) -> int:
    """End users in a government's states."""
    return int(_users(read, state).sum())


# ---------------------------------------------------------------- what formulas share


def _half_year_sum(flow: np.ndarray, until: int) -> float:
    """Sum of the half-year; of less where there are fewer months."""
    return float(flow[max(until - HALF, 0) : until].sum())


def _sum_since_start(flow: np.ndarray, until: int) -> float:
    """Sum of USD million a month from the game's first month on, in USD bn."""
    return float(flow[LEAD:until].sum()) / 1000.0


def _mean(values: np.ndarray) -> float:
    """Mean of what is known, NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _users(read: Reading, state: str) -> np.ndarray:
    return np.isin(read.user_state, rows_of(state))


def _room(read: Reading, months: slice) -> np.ndarray:
    """Capacity that stands or is being built, t a year: months x states x stages."""
    return np.asarray(read["capacity"][months] + read["building"][months])


# ---------------------------------------------------------------- goods


@number("Price of {good} in {state}", "USD/kg")
def price(read: Reading, until: int, of: NumberRequest) -> float:
    """What sellers in the state ask, weighted by sales; where nobody sells there, what its buyers
    are quoted. Before import tax, in the last month.
    """
    return float(_prices(read, of)[until - 1])


@number("Price of {good} in {state}, average of the half-year", "USD/kg")
def price_half(read: Reading, until: int, of: NumberRequest) -> float:
    """The same, mean of the half-year."""
    return _mean(_prices(read, of)[max(until - HALF, 0) : until])


def _prices(read: Reading, of: NumberRequest) -> np.ndarray:
    facts = Facts.default()
    return np.asarray(
        read["home_price"][:, facts.states.index(of.state), facts.goods.index(of.good)]
    )


@number("Stock of {good} at users in {state}", "months of use")
def stock(read: Reading, until: int, of: NumberRequest) -> float:
    """What firms that use the good hold at the end of the month over what they expect to use in a
    month; of several states their stocks together over their use together.
    """
    rows, good, month = rows_of(of.state), Facts.default().goods.index(of.good), until - 1
    use = float(read["use"][month, rows, good].sum())
    return float(read["stock"][month, rows, good].sum()) / use if use > 1e-9 else float("nan")


# ---------------------------------------------------------------- makers


@number("Output lost in {state} in the half-year", "USD million", AFTER_A_STOP)
def lost(read: Reading, until: int, of: NumberRequest) -> float:
    """Value added of what customers took elsewhere for good because makers lacked parts, counted
    when they have gone, months later; what is made up is not lost. A line that only runs slower
    loses too.
    """
    return _half_year_sum(read.of("lost", of.state), until)


@number("Output lost in {state} in the month", "USD million")
def lost_month(read: Reading, until: int, of: NumberRequest) -> float:
    """The same in the last month."""
    return float(read.of("lost", of.state)[until - 1])


@number("Output lost in {state} since January 2026", "USD bn", AFTER_A_STOP)
def lost_since(read: Reading, until: int, of: NumberRequest) -> float:
    """The same from the game's first month on."""
    return _sum_since_start(read.of("lost", of.state), until)


@number("Extra cost of parts in {state} in the half-year", "USD million")
def cost(read: Reading, until: int, of: NumberRequest) -> float:
    """What makers paid for parts above the prices of the start."""
    return _half_year_sum(read.of("cost", of.state), until)


@number("Extra cost of parts in {state} in the month", "USD million")
def cost_month(read: Reading, until: int, of: NumberRequest) -> float:
    """The same in the last month."""
    return float(read.of("cost", of.state)[until - 1])


@number("Extra cost of parts in {state} since January 2026", "USD bn")
def cost_since(read: Reading, until: int, of: NumberRequest) -> float:
    """The same from the game's first month on."""
    return _sum_since_start(read.of("cost", of.state), until)


@number("Makers in {state} whose line stands still", MAKERS)
def standing(read: Reading, until: int, of: NumberRequest) -> float:
    """End users of the state whose line stands for want of a part in the last month, whenever it
    stopped.
    """
    return float(read.down[until - 1, _users(read, of.state)].sum())


@number("Makers in {state} whose line came to a stop in the half-year", MAKERS)
def stopped(read: Reading, until: int, of: NumberRequest) -> float:
    """End users of the state whose line stopped in a month of the half-year after it ran in the
    month before; one that stands since earlier does not count.
    """
    first = max(until - HALF, 1)
    down = read.down[first - 1 : until, _users(read, of.state)]
    return float((down[1:] & ~down[:-1]).any(axis=0).sum())


@number("Months that a line in {state} stands still, on average", "months")
def stood(read: Reading, until: int, of: NumberRequest) -> float:
    """Months from the game's first month on in which a line stands, mean over the state's end
    users. Months and not stops: a line that stands already when the game begins counts too.
    """
    return float(read.down[LEAD:until, _users(read, of.state)].sum(axis=0).mean())


# ---------------------------------------------------------------- trade


@number("Dependence of {state} on China in the half-year", "% separated in China")
def dependence(read: Reading, until: int, of: NumberRequest) -> float:
    """Of the oxides, metal and magnets that the state buys abroad, in oxide equivalent, the part
    whose rare earths were separated in China, by weight: the lab's dependence by where it was
    separated, mean of the months of the half-year. 0 where nothing is bought.
    """
    return _share(read, of.state, max(until - HALF, 0), until)


@number("Dependence of {state} on China in the month", "% separated in China")
def dependence_month(read: Reading, until: int, of: NumberRequest) -> float:
    """The same in the last month."""
    return _share(read, of.state, until - 1, until)


@number("Dependence of {state} on China, what China holds back counted in", "% separated in China")
def reliance(read: Reading, until: int, of: NumberRequest) -> float:
    """Dependence in the half-year, where a month in which less from China came than in the mean
    month of the year before the game counts as if that much had come: who is cut off buys a larger
    part elsewhere without having found a tonne more there. 0 where nothing is bought.
    """
    bought, china = (read.of(name, of.state) for name in ("imports", "separated_in_china"))
    usual = float(china[LEAD - YEAR : LEAD].mean())
    half = slice(max(until - HALF, 0), until)
    elsewhere, counted = bought[half] - china[half], np.maximum(china[half], usual)
    buys = elsewhere + counted > 1e-9
    shares = counted[buys] / (elsewhere + counted)[buys]
    return 100.0 * float(shares.mean()) if buys.any() else 0.0


def _share(read: Reading, state: str, first: int, until: int) -> float:
    """Mean over the months in which something is bought of the part that was separated in China,
    %.
    """
    bought, china = (
        read.of(name, state)[first:until] for name in ("imports", "separated_in_china")
    )
    buys = bought > 1e-9
    return 100.0 * float((china[buys] / bought[buys]).mean()) if buys.any() else 0.0


@number("Orders from {state} that wait for a Chinese licence", "USD million")
def waiting(read: Reading, until: int, of: NumberRequest) -> float:
    """Oxides to motors ordered in China that wait at its licensing office, at prices of the
    start.
    """
    return float(read.of("waiting", of.state)[until - 1])


@number("Motors that {state} bought from China in the half-year", "t of magnets in them")
def motors(read: Reading, until: int, of: NumberRequest) -> float:
    """Motors that China shipped there, by the weight of the magnets in them."""
    return _half_year_sum(read.of("motors", of.state), until)


@number("China's export earnings in {state} in the half-year", "USD million")
def sold(read: Reading, until: int, of: NumberRequest) -> float:
    """What Chinese firms earn there on rare earths, magnets and motors, at China's border."""
    return _half_year_sum(read.of("sold_to", of.state), until)


@number("China's export earnings in the half-year", "USD million")
def exports(read: Reading, until: int, of: NumberRequest) -> float:
    """The same in all the world."""
    return _half_year_sum(read.of("sold_to", "World"), until)


@number("China's export earnings since January 2026", "USD bn")
def exports_since(read: Reading, until: int, of: NumberRequest) -> float:
    """The same from the game's first month on."""
    return _sum_since_start(read.of("sold_to", "World"), until)


# ---------------------------------------------------------------- plants


@number("Plants under way in {state}", "t a year")
def under_way(read: Reading, until: int, of: NumberRequest) -> float:
    """Capacity for separation, metal and magnets that is being built there."""
    return float(read["building"][until - 1, rows_of(of.state)][:, PLANT_STAGES].sum())


@number("Plants in {state}, open or under way", "thousand t a year")
def at_home(read: Reading, until: int, of: NumberRequest) -> float:
    """Capacity for separation, metal and magnets that stands or is being built there, mean of the
    last 24 months.
    """
    room = _room(read, slice(max(until - 2 * YEAR, 0), until))
    return float(room[:, rows_of(of.state)][:, :, PLANT_STAGES].sum(axis=(1, 2)).mean()) / 1000.0


def _building_outside_china(read: Reading, until: int, stage: str) -> float:
    building = read["building"][until - 1, :, STAGES.index(stage)]
    return float(building.sum() - building[rows_of("China")].sum())


@number("Separation plants under way outside China", "t a year")
def rivals_separation(read: Reading, until: int, of: NumberRequest) -> float:
    """Capacity for separation that is being built outside China."""
    return _building_outside_china(read, until, "separation")


@number("Magnet plants under way outside China", "t a year")
def rivals_magnet(read: Reading, until: int, of: NumberRequest) -> float:
    """Capacity for magnets that is being built outside China."""
    return _building_outside_china(read, until, "magnet")


@number("Plants outside China, open or under way", "t a year")
def abroad(read: Reading, until: int, of: NumberRequest) -> float:
    """Capacity for separation, metal and magnets outside China that stands or is being built."""
    room = _room(read, slice(until - 1, until))[0][:, PLANT_STAGES]
    return float(room.sum() - room[rows_of("China")].sum())


@number("Mines and plants outside China", "% of capacity, mines to magnets")
def outside(read: Reading, until: int, of: NumberRequest) -> float:
    """Share of the world's capacity outside China that stands or is being built, mean of mines,
    separation, metal and magnets and of the last 24 months.
    """
    room = _room(read, slice(max(until - 2 * YEAR, 0), until))[:, :, TO_MAGNETS]
    return 100.0 * float((1.0 - _in_china(room)).mean())


@number("China's place in the chain", "% of capacity after the mine")
def place(read: Reading, until: int, of: NumberRequest) -> float:
    """China's share of the capacity for separation, metal and magnets that stands or is being
    built, mean of the three stages, in the last month.
    """
    return 100.0 * float(_in_china(_room(read, slice(until - 1, until))[:, :, PLANT_STAGES]).mean())


def _in_china(room: np.ndarray) -> np.ndarray:
    """China's share of each stage's capacity."""
    return np.asarray(room[:, rows_of("China")].sum(axis=1) / np.maximum(room.sum(axis=1), 1e-9))


# ---------------------------------------------------------------- politics


@number("How far China's threats are believed", "0-1")
def credibility(read: Reading, until: int, of: NumberRequest) -> float:
    """0: not at all, 1: wholly."""
    return float(read.credibility[until - 1])


@number("Distrust of China at its customers", "0-1")
def distrust(read: Reading, until: int, of: NumberRequest) -> float:
    """Distrust of China among firms in Japan, the United States and the EU (0 none, 1 complete),
    mean of the last 12 months.
    """
    columns = [rows_of(name)[0] for name in ("Japan", "United States", "EU")]
    return float(read["distrust"][max(until - YEAR, 0) : until, columns].mean())


# ---------------------------------------------------------------- the firm


@number("Your stock of inputs", "months of use")
def inputs(read: Reading, until: int, of: NumberRequest) -> float:
    """Inputs in stock over a month's expected use, both at the price paid."""
    return float(read["firm"][until - 1, 7])


@number("Money in your stock of inputs", "USD million")
def tied_up(read: Reading, until: int, of: NumberRequest) -> float:
    """Inputs in stock at the price paid."""
    return float(read["firm"][until - 1, 6])


@number("Tonnes that you sold in the half-year", "% of a usual half-year")
def sold_of_usual(read: Reading, until: int, of: NumberRequest) -> float:
    """Tonnes of magnets and of all else that its plants shipped to all customers in the six months,
    over those of a mean half-year before the game (of 2024 in a world that lived it). Not over what
    is ordered: who gets too little orders again, so that orders pile up.
    """
    sold = read["firm"][:, 8]
    usual = HALF * float(sold[:YEAR].mean())
    return 100.0 * _half_year_sum(sold, until) / usual if usual > 1e-9 else 0.0


@number("Magnets that you made in the half-year", "t")
def made(read: Reading, until: int, of: NumberRequest) -> float:
    """Magnets made in all its plants."""
    return _half_year_sum(read["firm"][:, 1], until)


@number("Your sales in the half-year", "USD million")
def sales(read: Reading, until: int, of: NumberRequest) -> float:
    """What it sold, at its asking price."""
    return _half_year_sum(read["firm"][:, 3], until)


@number("Your sales less inputs and conversion in the half-year", "USD million")
def earned(read: Reading, until: int, of: NumberRequest) -> float:
    """Sales less what inputs cost at the price paid, and less conversion; plants built come off in
    the goal.
    """
    return _half_year_sum(earnings(read), until)


def earnings(read: Reading) -> np.ndarray:
    """What the firm earns by month: sales less inputs and conversion, USD million."""
    firm = read["firm"]
    return np.asarray(firm[:, 3] - firm[:, 4] - firm[:, 5])


@number("Your inputs from {state} in the half-year", "% of their value")
def supplier(read: Reading, until: int, of: NumberRequest) -> float:
    """Share of what it buys, by the seller's state, at prices of the start: mean of the
    half-year.
    """
    shares = read.suppliers[max(until - HALF, 0) : until, Facts.default().states.index(of.state)]
    return 100.0 * float(shares.mean()) if len(shares) else 0.0
