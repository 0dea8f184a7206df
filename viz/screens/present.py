"""What a visitor has set in this session: the page that sets it writes it here, the frame's links
carry it to the other pages.
"""

from __future__ import annotations

import solara

present_query: solara.Reactive[str] = solara.reactive(
    ""
)  # one value a session, as solara keeps module-level reactives by kernel
