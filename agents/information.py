"""What of the world an actor may look at when it decides: each face names the few things that some
rule reads.

The parts of the world (model/parts/) have these and more. `p` is the table of parameters and `on`
the mechanisms that are switched on; a contract test holds every name that a rule reads from `p`
against the parameter table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray

Parameters = Any
Switches = Mapping[str, bool]


class Calendar(Protocol):
    """Which month it is, and the luck of that month by named stream, one number a firm."""

    @property
    def month(self) -> int: ...
    def normals(self, stream: str, size: int) -> FloatArray: ...
    def uniforms(self, stream: str, size: int) -> FloatArray: ...


class Beliefs(Protocol):
    """Alarm and distrust of importing states (rows) about exporting states (columns), 0-1; distrust
    also by good, of pairs of states or of the exporter that the story is about.
    """

    alarm: FloatArray
    withheld: FloatArray

    @property
    def distrust(self) -> FloatArray: ...
    @property
    def exporter_alarm(self) -> FloatArray: ...
    def of_links(self, pair: IntArray, good: IntArray) -> FloatArray: ...
    def of_exporter(self, importer: IntArray, good: IntArray) -> FloatArray: ...


class Market(Protocol):
    """Prices as the world reads them, by good."""

    quote: FloatArray
    scarcity: FloatArray

    @property
    def basket_value(self) -> FloatArray: ...
    @property
    def ceiling(self) -> FloatArray: ...
    @property
    def rise(self) -> float: ...
    @property
    def worth(self) -> FloatArray: ...


class Border(Protocol):
    """Which channels need a licence, and how long buyers expect to wait for one (months by
    link).
    """

    licensed: FloatArray

    def wait(self) -> FloatArray: ...


class Leaks(Protocol):
    """What a buyer knows of goods that pass a measure: what it re-sold (t by need), and the pull of
    a link that leads past it.
    """

    active: bool
    resold: FloatArray
    lure: FloatArray | float


class FirmActs(Protocol):
    """What acts of firms that a scenario scripts ask of buyers."""

    @property
    def cover(self) -> FloatArray | float: ...
    @property
    def pull(self) -> FloatArray | float: ...
    @property
    def seeking(self) -> BoolArray | None: ...


class Politics(Protocol):
    """Acts in force, as far as firms must know them."""

    technology_ban: bool

    @property
    def firm_acts(self) -> FirmActs: ...


class Supply(Protocol):
    """What each holder of the mining quota may dig (t/month by firm)."""

    allowed: FloatArray


class Support(Protocol):
    """What supporters promise each firm (by firm)."""

    aid: FloatArray
    floor: FloatArray
    floored: FloatArray
    credit_rate: FloatArray
    gift_share: FloatArray
    given: FloatArray
    loan_share: FloatArray
    loan_rate: FloatArray
    equity_share: FloatArray
    offtake_share: FloatArray

    @property
    def programmes(self) -> Mapping[str, Any]: ...
    @property
    def backed(self) -> BoolArray: ...


class Outlook(Protocol):
    """What investors can read of the market: by firm (USD/kg), and by process (t/month, growth)."""

    revenue: FloatArray
    cost: FloatArray
    slow_revenue: FloatArray
    slow_cost: FloatArray
    asked: FloatArray
    base_revenue: FloatArray
    base_cost: FloatArray
    demand: FloatArray
    rivals: FloatArray
    unserved: FloatArray
    makers: IntArray
    kind: IntArray
    growth: FloatArray


class Pipeline(Protocol):
    """What is being built (t/month by firm)."""

    building: FloatArray


class Works(Protocol):
    """What is being built, what investors read, and how long building takes (months by firm)."""

    lead: FloatArray
    called_off: FloatArray

    @property
    def outlook(self) -> Outlook: ...
    @property
    def pipeline(self) -> Pipeline: ...
