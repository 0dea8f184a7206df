"""What a page's websocket may say, message by message: the widgets' protocol, whom it may reach, and what of it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.viz.server.messages import LONGEST_ADDRESS, is_allowed_frame, read_message


def message(kind: Any = "comm_msg", channel: Any = "shell", **content: Any) -> dict[str, Any]:
    return {"header": {"msg_type": kind}, "channel": channel, "content": content}


def told(method: Any, comm: Any = "abc", **fields: Any) -> dict[str, Any]:
    """A widget is told this."""
    return message(comm_id=comm, data={"method": method, **fields})


def event(comm: Any = "abc", **content: Any) -> dict[str, Any]:
    return told("custom", comm, content=content)


def binary(*parts: bytes, count: int | None = None) -> bytes:
    """The binary form: how many parts, where each begins, the parts."""
    head = 4 * (len(parts) + 1)
    starts = [head + sum(map(len, parts[:k])) for k in range(len(parts))]
    numbers = [len(parts) if count is None else count, *starts]
    return b"".join(number.to_bytes(4, "big") for number in numbers) + b"".join(parts)


GREETING = message("kernel_info_request")
MADE = {"create_widget": ["subprocess", "Popen"], "props": {"args": "true"}, "id": "x"}
SAID: tuple[Any, ...] = (
    *map(message, ("kernel_info_request", "comm_info_request", "comm_close", "shutdown_request")),
    *(message("comm_open", target_name=f"{one}.control") for one in ("solara", "jupyter.widget")),
    event(event="event_move", data={"lever": "x"}),
    event(event="move"),
    *(told(method) for method in ("app-status", "request_state", "request_states")),
    told("update", state={"dark_effective": True}),
    told("update", state={"location": "/play?seed=1"}),
    told("update", state={"location": "/" + "x" * (LONGEST_ADDRESS - 1)}),
    told("run", args={"path": "/class?room=X", "appName": None, "themes": {}}),
)
UNSAID: tuple[Any, ...] = (
    *map(message, ("execute_request", "complete_request", "", None, 3)),
    message("kernel_info_request", channel="control"),
    {"header": 1, "content": {}},
    {key: value for key, value in GREETING.items() if key != "content"},
    {},
    [GREETING],
    None,
    *(message("comm_open", target_name=name) for name in ("jupyter.widget", "", None)),
    event(data=5),
    event(event=5, data=5),
    event(event="move", **MADE),
    event(**MADE),
    event(update_ref={"functionRef": "close"}, id="1", prop="x"),
    event(comm=5, event="move"),
    told("custom", content="move"),
    told("custom"),
    *(told(method) for method in ("evict", "reload", None)),
    message(comm_id="abc", data=[]),
    told("update", state="value"),
    *(
        told("update", state={"location": at})
        for at in ("https://elsewhere.example", 5, "/" + "x" * LONGEST_ADDRESS)
    ),
    told("run"),
    *(told("run", args={"path": path}) for path in (5, None, {}, "", "play", "/" + "x" * 40_000)),
    told("run", args={"path": "/play", "appName": "os"}),
)


@pytest.mark.parametrize(("messages", "may"), [(SAID, True), (UNSAID, False)])
def test_what_pages_say_is_let_through_and_nothing_else(messages: Any, may: bool) -> None:
    for one in messages:
        assert is_allowed_frame(json.dumps(one)) is may, one
        assert is_allowed_frame(binary(json.dumps(one).encode())) is may, one


def test_the_first_part_of_a_binary_message_is_its_json() -> None:
    text = json.dumps(GREETING).encode()
    for more in ([], [b"\x00\x01", b"more"], [b"x"] * 15):
        assert read_message(binary(text, *more)) == GREETING


@pytest.mark.parametrize(
    "frame",
    [
        *(b"", b"\x00", b"\xff" * 40, binary(b"{}", count=0), binary(b"{}", *[b"x"] * 16)),
        (2).to_bytes(4, "big") + (12).to_bytes(4, "big"),
        binary(b"{}")[:7],
        (16).to_bytes(4, "big") + b"\x00" * 63,
        binary(b"\xff\xfe"),
        *(b"[" * 100_000, "[" * 100_000, "{"),
    ],
)
def test_what_is_no_message_is_refused(frame: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_message(frame)
    assert not is_allowed_frame(frame)
