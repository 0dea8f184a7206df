"""What a page with one history says of it beside many of the same setting, as plain JSON.

{of: mark of the history (`jobs.mark_of`), came, draws, whole, settled, sentence, so_far,
 link: in words, href,
 rows: [{id, label, value, others, low, high, at: 0 to 1 or null}]}
"""

from __future__ import annotations

import json
from dataclasses import asdict

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.histories import DRAWS, FEWEST, DrawnHistory, Histories
from coercivity.viz.page_data.lab_charts_of_many_histories import HistoryPairs
from coercivity.viz.words.ensemble_position_text import position_sentences, rows
from coercivity.viz.words.language import say


def among_json(
    held: HistoryPairs,
    own: bytes | None,
    mark: str,
    asked: FindingRequest,
    seed: int,
    query: str = "",
) -> str:
    """The sentence, and the numbers with their places; *own* is the history on the page, packed
    (`jobs.single_history`), empty while it has not come, None where it does not come; query: the
    setting's, for the link to the lab.
    """
    one, many = single_history(own, held.mine.at), held.mine
    came, refused = len(many), held.refused and len(many) < FEWEST
    found = {
        "of": mark,
        "came": came,
        "draws": DRAWS,
        "whole": many.whole,
        "settled": (held.settled or refused) and own != b"",
        "sentence": position_sentences(one, many, asked, seed, refused),
        "so_far": say("{came} of {draws} histories so far", came=came, draws=DRAWS)
        if FEWEST <= came < DRAWS
        else "",
        "link": say("Many are told in the lab"),
        "href": f"/?{query}" if query else "",  # what fits no link is in no lab
        "rows": [asdict(row) for row in rows(one, many, asked, held.settled or refused)],
    }
    return json.dumps(found, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def single_history(own: bytes | None, at: int) -> Histories:
    """Histories that hold this one, or none; at: the month at which the count begins."""
    found = Histories(at)
    if own:
        found.add(0, DrawnHistory.unpacked(own))
    return found
