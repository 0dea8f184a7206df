"""What a visitor has set in this session: the page that sets it writes it here, the frame's links carry it to the other pages."""

from __future__ import annotations

import solara

from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.setting import LabSetting

present_query: solara.Reactive[str] = solara.reactive("")  # one value a session, as solara keeps module-level reactives by kernel


def link_of(setting: LabSetting) -> str:
    """The address of a setting; empty for an uploaded scenario that is too long for one."""
    return query_if_short(setting)
