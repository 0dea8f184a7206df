"""Who holds how many of the server's places: one for each open websocket, and one for each page
that was left without a word and may still come back.

Nobody may hold all of them. A class of 40 behind one address, with three pages each, fits into a
third.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

MOST: Final = 400  # about 1.5 MB each: ten classes
SHARE: Final = 3  # of all places, one address may hold one in so many


class Places:
    """The places of a server. It is asked from one thread, the server's loop.

    live: kernels that exist, whether a page is connected or not. drop: closes a kernel that nobody
    is connected to. each: for one address, None for no limit (a server for this machine alone has
    one address only).
    """

    def __init__(
        self,
        live: Callable[[], Collection[str]],
        drop: Callable[[str], None],
        most: int = MOST,
        each: int | None = MOST // SHARE,
    ) -> None:
        self.live, self.drop, self.most, self.each = (
            live,
            drop,
            most,
            most if each is None else min(each, most),
        )
        self._open: Counter[tuple[str, str]] = Counter()  # (address, kernel) -> websockets
        self._owners: dict[
            str, str
        ] = {}  # kernel -> address, in the order in which they were last left

    def refusal(self, address: str) -> str:
        """Why this address gets no further place, in one line; '' where it may have one."""
        by_place, left = self._held()
        if by_place[address] - len(left.get(address, ())) >= self.each:
            return (
                f"{self.each} pages are open at your address already; close some and reload this "
                "one"
            )
        if by_place.total() - sum(map(len, left.values())) >= self.most:
            return f"all {self.most} places of this server are taken; try again in a minute"
        return ""

    def take(self, address: str, kernel: str) -> str:
        """Give a place to a page, and close the oldest of those that were left where it needs room.

        Returns the reason where there is none, else ''.
        """
        back = self._owners.get(kernel) == address and not self._open[address, kernel]
        if back:
            del self._owners[kernel]
        if reason := self.refusal(address):
            if back:
                self._owners[kernel] = address
            return reason
        by_place, left = self._held()
        if by_place[address] >= self.each:
            self._close(left[address][0])
        elif by_place.total() >= self.most:
            self._close(max(left.values(), key=len)[0])
        self._open[address, kernel] += 1
        self._owners.setdefault(
            kernel, address
        )  # whoever guesses at another's page does not take it over
        return ""

    def leave(self, address: str, kernel: str) -> None:
        """A websocket has closed."""
        self._open[address, kernel] -= 1
        if self._open[address, kernel] <= 0:
            del self._open[address, kernel]
            if self._owners.get(kernel) == address:
                self._owners[kernel] = self._owners.pop(kernel)  # left last

    def held(self, address: str) -> int:
        """Places of one address."""
        return self._held()[0][address]

    def _held(self) -> tuple[Counter[str], dict[str, list[str]]]:
        """Places by address, and their kernels that nobody is connected to, oldest first."""
        live = self.live()
        by_place: Counter[str] = Counter()
        for (address, _), count in self._open.items():
            by_place[address] += count
        used = {kernel for _, kernel in self._open}
        left: dict[str, list[str]] = {}
        for kernel, address in list(self._owners.items()):
            if kernel in used:
                continue
            if kernel in live:
                by_place[address] += 1
                left.setdefault(address, []).append(kernel)
            else:
                del self._owners[kernel]
        return by_place, left

    def _close(self, kernel: str) -> None:
        self._owners.pop(kernel, None)
        self.drop(kernel)
