"""Which page belongs to a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coercivity.viz.classroom.pages.board import BoardPage
from coercivity.viz.classroom.pages.market import MarketPage
from coercivity.viz.classroom.pages.press import PressPage
from coercivity.viz.classroom.rooms.pieces import BOARD, MARKET, PRESS, kind_of


def page_of_role(place: str) -> Callable[..., Any] | None:
    """The component that draws a role's page, given room, seat (the place) and token; None for a
    place that is no role.
    """
    return {PRESS: PressPage, MARKET: MarketPage, BOARD: BoardPage}.get(kind_of(place))
