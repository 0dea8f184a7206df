"""The first page: to whom the address names nothing, the door, five pictures and one lever for the
curious; to everybody else the lab (lab.py).

The door's lever is one of the lab's. When it is moved the address becomes the lab's link of that
setting, so that a reload, a copied address or the button at the end lead on to the lab, and "back"
leads to the door.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import solara

from coercivity.experiments.lab.histories import DRAWS
from coercivity.experiments.lab.levers import find_lever
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.setting import DEFAULT_SCENARIO, LabSetting, check_setting
from coercivity.viz.page_data.door_data import LEVER, facts_json, story_json, turn_json
from coercivity.viz.screens import lab
from coercivity.viz.screens.histories import source_of, use_histories
from coercivity.viz.screens.prefetch import use_guesses
from coercivity.viz.screens.session_state import present_query, with_language, without_language
from coercivity.viz.screens.template import template
from coercivity.viz.words.door_text import QUESTION
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.language import say

THROUGH: Final = f"scenario={DEFAULT_SCENARIO}"  # an address that leads past the door to the lab


def is_door(path: str | None, search: str | None) -> bool:
    """Whether an address shows the door: that of the first page, and nothing asked of it but the
    language.
    """
    return not (path or "").strip("/") and not without_language(search)


@template("door.vue")
def DoorPicture(
    facts: str,
    story: str,
    turn: str,
    controls: dict[str, Any],
    event_move: Callable[[float], None],
    event_near: Callable[[Any], None],
    event_enter: Callable[[str], None],
) -> None:
    """Five panels, drawn by the browser."""


@solara.component
def Page() -> None:
    """The door, or the lab where the address asks for something."""
    router = solara.use_router()
    if is_door(router.path, router.search):
        Door(enter=router.push)
    else:
        lab.Page()


@solara.component
def Door(enter: Callable[[str], None]) -> None:
    """One visitor's door; *enter* goes on to another address."""
    value, set_value = solara.use_state(find_lever(LEVER).rest)
    near, set_near = solara.use_state(False)
    first = solara.use_memo(LabSetting, [])
    setting = solara.use_memo(lambda: door_setting(value), [value])
    happened = use_histories(source_of(first, first.asked()), source_of(first, first.base()))
    moved = use_histories(source_of(setting, setting.asked()), source_of(setting, setting.base()))
    use_guesses(setting, LEVER if near else "", ready=len(moved.mine.ran) == DRAWS)
    query = query_if_short(setting)
    solara.use_effect(lambda: present_query.set(query), [query])
    solara.Title(f"Coercivity: {say(QUESTION)}")
    DoorPicture(
        facts=facts_json(),
        story=story_json(happened, lab.mark_of(first), question_of(first)),
        turn=turn_json(moved, happened, lab.mark_of(setting), question_of(setting)),
        controls={
            "value": value,
            "query": with_language(query or THROUGH),
            "rest": find_lever(LEVER).rest,
        },
        event_move=lambda wanted: set_value(dict(door_setting(wanted).levers).get(LEVER, 0.0)),
        event_near=lambda _: set_near(True),
        event_enter=enter,
    )


def door_setting(value: object) -> LabSetting:
    """The setting in which the door's lever stands at a value. Raises InputError for one that it
    has not.
    """
    return check_setting(levers={LEVER: value})
