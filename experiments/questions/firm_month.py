"""A month of one firm in numbers: what it saw of each input and supplier, what it chose, how it
looked at a project.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Supplier:
    """A seller as a buyer saw it in a month. share: what it got of the order (0-1).

    cost, aversion, fill: delivered cost over the start, distrust of its state times the gain, part
    of orders delivered; turned_away: part of its pull that an act of the firm takes (0-1); sought,
    qualify: months of seeking, and how many it takes; state_of: open, planned or closed.
    """

    name: str
    state: int
    share: float
    weight: float
    cost: float
    aversion: float
    fill: float
    sensitivity: float
    turned_away: float
    qualified: bool
    sought: float
    qualify: float
    state_of: str


@dataclass(frozen=True)
class InputChoice:
    """What a firm saw and chose for one input. Tonnes and t/month; cover and target in months of
    expected use.
    """

    good: str
    stock: float  # after arrivals, before use
    on_the_way: float  # travelling, or waiting for a licence
    expected: float
    fill: float
    paid: float  # USD/kg
    reference: float
    habit: float
    target: float
    ordered: float
    suppliers: tuple[Supplier, ...]
    used: float = 0.0
    left: float = 0.0  # in stock at the end of the month
    lacking: bool = False
    saving: float = 1.0  # use per unit of output over that of the start


@dataclass(frozen=True)
class Paper:
    """A licence or an application for one, as a month left it. outcome: of OUTCOMES, empty where
    nothing happened; filed: months since it was filed; place: applications at the office before it,
    in the order of their rank; covers: t that may still go under the licence, months: for how long.
    """

    good: str
    supplier: str
    exporter: str  # the state whose office it is
    outcome: str
    applied: float  # t, of an application that waits or was filed this month
    filed: int
    place: int
    went: float  # t that went under the licence this month
    covers: float
    months: int


@dataclass(frozen=True)
class Application:
    """An application followed from the month in which it was filed to the last tonne under its
    licence; months are counted from the start of the run. outcome: of OUTCOMES, or filed anew as a
    ban on military use asked; end of the licence: used up, run out, or void: taken back, or none is
    needed any more; empty while it is good, and where there is none.
    """

    good: str
    supplier: str
    exporter: str
    tonnes: float
    filed: int
    decided: int | None = None
    outcome: str = "waits"
    went: tuple[tuple[int, float], ...] = ()  # month, t
    ended: int | None = None
    end: str = ""


@dataclass(frozen=True)
class ProjectLook:
    """A look at a project in its month of decision: value over cost, the hurdle, and what was done:
    build, wait, go on, give up.
    """

    value: float
    hurdle: float
    done: str


@dataclass(frozen=True)
class FirmMonth:
    """One month of one firm in numbers. run, plan, capacity: t/month of run, for end users shares
    of normal output.
    """

    month: str
    needs: tuple[InputChoice, ...]
    beliefs: tuple[
        tuple[int, float, float], ...
    ]  # state, alarm, distrust (0-1), of states that could supply it
    run: float
    plan: float
    capacity: float
    building: float
    built: float  # t/month begun in this month
    margin: float
    price: float  # what it sells over the price at the start; nan for end users
    status: int  # 0 not built, 1 open, 2 mothballed, 3 bankrupt
    look: ProjectLook | None
    papers: tuple[Paper, ...] = ()
