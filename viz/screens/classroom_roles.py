"""Which page belongs to a role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coercivity.viz.classroom.room_pieces import BOARD, MARKET, PRESS, kind_of
from coercivity.viz.screens.classroom_board import BoardPage
from coercivity.viz.screens.classroom_market import MarketPage
from coercivity.viz.screens.classroom_press import PressPage


def page_of_role(place: str) -> Callable[..., Any] | None:
    """The component that draws a role's page, given room, seat (the place) and token; None for a
    place that is no role.
    """
    return {PRESS: PressPage, MARKET: MarketPage, BOARD: BoardPage}.get(kind_of(place))
