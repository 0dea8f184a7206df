"""For pages that show one history: how it lies among the many that the lab draws of the same
setting.
"""

from __future__ import annotations

import solara

from coercivity.experiments.lab.levers import story_day
from coercivity.experiments.lab.link import query_if_short
from coercivity.experiments.lab.setting import LabSetting
from coercivity.viz.page_data.ensemble_position import among_json
from coercivity.viz.screens.histories import source_of, use_histories
from coercivity.viz.screens.hooks import use_job
from coercivity.viz.screens.session_state import with_language
from coercivity.viz.server import lab_jobs
from coercivity.viz.server.worker_pool import BAND
from coercivity.viz.words.lab_text import question_of
from coercivity.viz.words.language import language


def use_among(setting: LabSetting | None, at_rest: bool) -> str:
    """The line of a page with one history, as JSON (viz/page_data/ensemble_position.py); '' without
    a setting. What is kept is shown at once, the rest is asked while the page is *at_rest*.
    """
    known = setting or LabSetting()
    scenario = solara.use_memo(
        lambda: known.asked() if setting is not None else known.shipped, [known, setting is None]
    )
    since = solara.use_memo(lambda: story_day(known.shipped), [known.shipped])
    wanted = at_rest and setting is not None
    held = use_histories(source_of(known, scenario, since), None, wanted=wanted)
    own = use_job(
        lab_jobs.single_history,
        scenario,
        known.seed,
        known.state,
        since,
        priority=BAND,
        wanted=wanted,
    )
    # while the page is not at rest nothing is asked, and what there is may be of another history
    mine = None if own.problem else own.value if wanted and not own.busy else b""
    mark = lab_jobs.mark_of(scenario, known.seed, known.state)
    query = with_language(query_if_short(known))
    return solara.use_memo(
        lambda: (
            among_json(held, mine, mark, question_of(known), known.seed, query)
            if setting is not None
            else ""
        ),
        [held, held.count, held.refused, mine, setting, query, language()],
    )
