"""Whether the results of a page are of the code that runs here. A worker reads what they rest on,
and until it has nothing is said.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.page_data.shown_results import current_stamp, load_shown, origin_words
from coercivity.viz.screens.hooks import use_job

COMMANDS: Final = {"claims": "coercivity claims", "backtest": "coercivity backtest"}


def use_origin(part: str) -> dict[str, object]:
    """Of which code the results of a part are, in words: {words, current}."""
    here = use_job(current_stamp, part)
    return origin_words(load_shown(part), str(here.value or ""), COMMANDS[part])
