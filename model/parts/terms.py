"""What the measures of a month make of orders and of what waits, kept while they stand (M6)."""

from __future__ import annotations

from typing import NamedTuple

from coercivity.agents.base.arrays import BoolArray, FloatArray, IntArray
from coercivity.model.basis.parameters import Parameters


class QueuedLinks(NamedTuple):
    """Links under a licence or a halt, or with something that waits, by place in the queue."""

    rows: IntArray  # of links
    channel: IntArray
    need: IntArray
    user: IntArray  # the firm that orders
    exporter: IntArray
    channels: IntArray  # of the links, each once
    stand: IntArray  # place of each link's channel in `channels`


class OrderFate(NamedTuple):
    """What becomes of the orders of a month on links under a measure, shares that sum to one."""

    free: FloatArray  # may ship
    refused: FloatArray  # by a ban, a list or a rule
    halted: FloatArray  # at the port, until customs let it pass
    applies: FloatArray  # for a licence
    by_part: FloatArray  # blocked share in each part of the month, a row each


class Terms(NamedTuple):
    """What stands on the links that measures touch."""

    p: Parameters  # for which it was looked up
    fate: OrderFate  # by place in the reach
    returns: FloatArray  # share of what waits that each part of the month returns, a row each
    held: FloatArray  # by place: share of an order that is held back
    blocked: FloatArray  # the same by link
    applies: FloatArray  # by link: share of an order that waits for a licence
    refused: FloatArray  # by link: share that is refused on the month's last day
    halts: bool  # something is halted at a port


class OpenLinks(NamedTuple):
    """Links that are open, and the measures for which this was looked up."""

    shut: FloatArray  # by channel: `Border.shut`
    blocked: FloatArray  # by link
    open_: BoolArray  # by link


class Desk(NamedTuple):
    """Links that wait or need a licence, and what stands on their days; by place in the queue, but
    for the last.
    """

    before: FloatArray  # by link: what was refused on the last day of the month before
    # share of what waits that has not been returned, a row for each part of the month
    kept: FloatArray
    queued: QueuedLinks
    opens: FloatArray  # share of the month's days on which an office decides about it
    let_go: BoolArray  # on some day nothing holds it any more
    asked: BoolArray  # on some day a licence is needed
    good: BoolArray  # a licence is worth something
    ripe: FloatArray  # part of what waits that can go, where it may
    eased: BoolArray  # under a truce or a general licence
    dual_use: FloatArray  # a ban on military use is in force on the month's last day (0/1)
    military: FloatArray  # part of the user's orders
    watched: FloatArray  # part of the user that is on a watch list
    raw: BoolArray  # not yet a magnet or part
    nothing: FloatArray  # t below which an order counts as nothing
    here: dict[int, IntArray]  # by exporter who asks for licences: places that need one at the end
    place: IntArray  # by link: its place, where it may still wait for an answer; else -1
    days: FloatArray  # by channel of what is queued: share of days on which an office decides
    under: BoolArray  # by channel of what is queued: a licence is needed on some day
