"""The claims of the article, each put to the model as an experiment (docs/claims has a page for
each).

`table.py` reads what was written down before the first run, `supply.py`, `sender_gain.py`,
`support.py` and `cases.py` hold the experiments, `setting.py` turns a draw into scenarios,
`verdict.py` judges, `survey.py` runs it all; runs are shared by
`experiments/questions/shared_runs.py`.
"""

from collections.abc import Mapping
from typing import Final

from coercivity.experiments.claims import (
    bans_on_japan,
    public_money,
    record_and_demand,
    sender_gain,
)
from coercivity.experiments.claims.setting import Experiment

EXPERIMENTS: Final[Mapping[str, Experiment]] = {
    **bans_on_japan.EXPERIMENTS,
    **sender_gain.EXPERIMENTS,
    **public_money.EXPERIMENTS,
    **record_and_demand.EXPERIMENTS,
}
