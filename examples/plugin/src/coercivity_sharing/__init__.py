"""A mechanism, an instrument and a world of one's own for Coercivity."""

from pathlib import Path

DATA = Path(__file__).parent / "data"  # parameter rows and scenarios: run(..., data=DATA)
