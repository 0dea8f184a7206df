"""What is installed by need: the packages beyond the core, by the extra of pyproject.toml that
brings them, and the one line for a feature whose packages are absent.

Whatever imports such a package stands where only the features of its extra come by, and they ask
`require_packages` first; the core has to do without all of them (tests/test_extras.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Final

from coercivity.model.basis.errors import InputError, Phrase

_PLOT: Final = ("matplotlib", "jinja2")
_SWEEP: Final = ("SALib", "pyarrow", *_PLOT)
PACKAGES: Final[Mapping[str, tuple[str, ...]]] = {  # extra: what its features import
    "plot": _PLOT,
    "sweep": _SWEEP,
    "app": (
        "solara",
        "reacton",
        "ipyvue",
        "traitlets",
        "starlette",
        "uvicorn",
        "babel",
        *_PLOT,
        "reportlab",
        "docx",
        "pptx",
        "fontTools",
        "segno",
        "ifaddr",
        "platformdirs",
    ),
    "dask": ("distributed", *_SWEEP),
    "xarray": ("xarray",),
}
FEATURES: Final[Mapping[str, str]] = {  # what a message calls the features of an extra
    "plot": "a figure",
    "sweep": "a sweep",
    "app": "the app",
    "dask": "--dask",
    "xarray": "to_xarray()",
}
SAVING: Final = ("pyarrow", "matplotlib", "jinja2")  # tables as Parquet, report.html and figures
_NAMED: Final = 3  # packages that a message names


class NotInstalled(InputError, ImportError):
    """Packages of a feature are absent. The message is one line that says what to install."""


def is_installed(package: str) -> bool:
    """Whether a package can be imported here; it is looked for, not loaded."""
    try:
        return find_spec(package) is not None
    except ImportError:
        return False
    except ValueError:  # it is loaded, by somebody who did not say from where
        return True


def require_packages(packages: str | Iterable[str], extra: str, what: str = "") -> None:
    """Raise NotInstalled, one line, where one of these packages of an extra is absent. what: the
    feature that needs them, as the message says it.
    """
    asked = (packages,) if isinstance(packages, str) else packages
    if absent := [package for package in asked if not is_installed(package)]:
        raise _not_installed(absent, extra, what)


def _not_installed(names: list[str], extra: str, what: str) -> NotInstalled:
    one = len(names) == 1
    if len(names) > _NAMED + 1:
        names = [*names[:_NAMED], f"{len(names) - _NAMED} more packages"]
    told = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return NotInstalled(
        "{what} needs {packages}",
        'install it with: pip install "coercivity[{extra}]"'
        if one
        else 'install them with: pip install "coercivity[{extra}]"',
        what=what or FEATURES[extra],
        packages=Phrase(told),
        extra=extra,
    )


def line_of(error: BaseException) -> str | None:
    """What is said of an import that failed for want of an extra; None for any other failure."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").partition(".")[0]
    extra = next((name for name, held in PACKAGES.items() if package in held), None)
    return None if extra is None else str(_not_installed([package], extra, "this"))
