"""What a firm of the oracle holds: its inputs, its outputs, and the suppliers of its inputs, as
plain attributes with the names and units of the columns in `agents/tables.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


class Thing:
    """Attributes, and nothing that it does."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

        def __setattr__(self, name: str, value: Any) -> None: ...


class Need(Thing):
    """One input of one firm, t/month and USD/kg; `due` is month of arrival -> tonnes, `here` what
    left its seller and arrived in the same month, `pace` a run as far as it lasts.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.links: list[Link] = []
        self.here = self.pace = 0.0


class Offer(Thing):
    """One output of one firm, t/month and USD/kg."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.links: list[Link] = []
        self.asked = self.left = 0.0


class Link(Thing):
    """One supplier of one need."""

    extra = 0.0  # asked in the second round
    channel: Channel


class Channel(Thing):
    """One exporter, importer and good: what is in force there (0-1), what is believed to pass, and
    the gap that is paid; trade at home is one channel on which nothing ever is.
    """

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.links: list[Link] = []
