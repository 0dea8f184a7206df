"""What a call is refused with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError


def refusal(act: Callable[..., Any], /, *given: Any, match: str | None = None, **more: Any) -> str:
    """The one line with which a call is refused; *match*: what is to be found in it."""
    with pytest.raises(InputError, match=match) as caught:
        act(*given, **more)
    assert "\n" not in str(caught.value)
    return str(caught.value)
