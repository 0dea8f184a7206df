"""The claims of the article, each put to the model as an experiment (docs/claims has a page for
each).

`written_claims.py` reads what was written down before the first run. The experiments:
`bans_on_japan.py` (C1, C4 to C7), `sender_gain.py` (C2, C10, C11, C13), `public_money.py` (C8, C9,
C15), `record_and_demand.py` (C3, C12, C14, C16). `setting.py` turns a draw into scenarios,
`verdict.py` judges, `run_claims.py` runs it all; runs are shared by
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
