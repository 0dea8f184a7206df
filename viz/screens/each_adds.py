"""What each of several measures adds: the setting without it, the others as they stand, in the same
histories. Each is an ensemble of its own, so it is asked for by a button.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from coercivity.experiments.findings.finding_request import FindingRequest
from coercivity.experiments.lab.setting import LabSetting
from coercivity.experiments.lab.without_each import RemovedPart, without_each
from coercivity.viz.page_data.lab_charts_of_many_histories import pair_json
from coercivity.viz.screens.histories import source_of, use_histories
from coercivity.viz.screens.template import template
from coercivity.viz.words.each_adds import part_words
from coercivity.viz.words.lab_text import priced_good
from coercivity.viz.words.language import say


@template("each_adds.vue")
def Head(count: int, opened: bool, event_toggle: Callable[[Any], None]) -> None:
    """What it is, and the button."""


@template("each_part.vue")
def Rows(what: str, found: str) -> None:
    """One measure: the numbers with it, without it, and the difference."""


@solara.component
def EachAdds(setting: LabSetting) -> None:
    """The parts of a setting; nothing for one that has fewer than two."""
    opened, set_opened = solara.use_state(False)
    parts = solara.use_memo(lambda: without_each(setting), [setting])
    if len(parts) < 2:
        return
    with solara.v.Html(
        tag="section", class_="cv-card lb-take", attributes={"aria-labelledby": "lb-h-each"}
    ):
        Head(count=len(parts), opened=opened, event_toggle=lambda _: set_opened(not opened))
        if opened:
            for part in parts:
                EachMeasure(setting=setting, part=part).key(part_words(part, setting))


@solara.component
def EachMeasure(setting: LabSetting, part: RemovedPart) -> None:
    """One measure, as its histories come."""
    both = use_histories(
        source_of(setting, setting.asked()),
        source_of(part.without, part.without.asked()),
        wanted=True,
    )
    mark = part.without.asked().fingerprint()
    shipped = setting.shipped
    question = FindingRequest(
        shipped.facts, setting.state, say("without it"), priced=priced_good(shipped)
    )
    Rows(what=part_words(part, setting), found=pair_json(both, mark, question, ()))
