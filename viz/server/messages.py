"""What a page's websocket may say, and two habits of the libraries behind it that must not be left
open to visitors.

ipyvue lets a browser name any module and any callable of it, which the server then imports and
calls; solara and reacton write the traceback of an error into the page, with the paths of this
machine in it. There is no setting for either, so `close_side_doors` takes both away.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Final

from coercivity.viz.words.names import FAILED

LONGEST_ADDRESS: Final = 30_000  # characters: two links of the lab fit
TARGETS: Final = (
    "solara.control",
    "jupyter.widget.control",
)  # other targets would make widgets of the visitor's choice
PLAIN: Final = ("kernel_info_request", "comm_info_request", "comm_close", "shutdown_request")
STATUS: Final = ("app-status", "request_state", "request_states")
_log = logging.getLogger(__name__)


def read_message(frame: str | bytes) -> Any:
    """A message of the widgets' protocol; raises ValueError for what is none.

    Pages send text; the binary form has its JSON first.
    """
    if isinstance(frame, bytes):
        parts = int.from_bytes(frame[:4], "big")
        if not 1 <= parts <= 16 or len(frame) < 4 * (parts + 1):
            raise ValueError("not a message")
        places = [int.from_bytes(frame[4 * k : 4 * k + 4], "big") for k in range(1, parts + 1)]
        frame = frame[places[0] : places[1] if parts > 1 else None]
    try:
        return json.loads(frame)
    except RecursionError:
        raise ValueError("not a message") from None


def is_allowed_frame(frame: str | bytes) -> bool:
    """Whether a page of ours would say this."""
    try:
        message = read_message(frame)
    except ValueError:  # UnicodeDecodeError is one too
        return False
    content = message.get("content") if isinstance(message, dict) else None
    header = message.get("header") if isinstance(message, dict) else None
    if (
        not isinstance(content, dict)
        or not isinstance(header, dict)
        or message.get("channel") != "shell"
    ):
        return False
    kind = header.get("msg_type")
    if kind == "comm_open":
        return content.get("target_name") in TARGETS
    if kind != "comm_msg":
        return kind in PLAIN
    return isinstance(content.get("comm_id"), str) and _allowed_data(content.get("data"))


def _allowed_data(data: Any) -> bool:
    """Whether a widget, or the page's control, may be told this."""
    if not isinstance(data, dict):
        return False
    method = data.get("method")
    if method == "custom":
        content = data.get("content")
        return (
            isinstance(content, dict)
            and isinstance(content.get("event"), str)
            and set(content) <= {"event", "data"}
        )
    if method == "update":
        state = data.get("state")
        return isinstance(state, dict) and (
            "location" not in state or _is_address(state["location"])
        )
    if method == "run":
        arguments = data.get("args")
        return (
            isinstance(arguments, dict)
            and _is_address(arguments.get("path"))
            and not arguments.get("appName")
        )
    return method in STATUS


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/") and len(value) <= LONGEST_ADDRESS


def close_side_doors() -> None:
    """Let events alone reach a widget, and no traceback a page.

    Call it before the server takes visitors.
    """
    import reacton.core
    import solara.server.app
    from ipyvue.VueTemplateWidget import Events

    Events._handle_event = _handle_event
    quiet = SimpleNamespace(**{**vars(traceback), "format_exception": _traceback_for_page})
    reacton.core.traceback = solara.server.app.traceback = quiet


def _handle_event(widget: Any, _: Any, content: Mapping[str, Any], buffers: Any) -> None:
    """Stands in for ipyvue's: an event that the widget itself names, and nothing else of what its
    protocol knows.
    """
    event = content.get("event")
    if event in widget.events:
        getattr(widget, f"vue_{event}")(content.get("data", {}), *([buffers] if buffers else ()))


def _traceback_for_page(
    _: Any, error: BaseException | None = None, *__: Any, **___: Any
) -> list[str]:
    """Stands in for traceback.format_exception where solara writes into a page: the log gets the
    traceback, the page a sentence.
    """
    _log.error("a page failed", exc_info=error)
    return [FAILED]
