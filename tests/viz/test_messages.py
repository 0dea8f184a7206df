"""What a page's websocket may say, message by message: the widgets' protocol, whom it may reach, and what of it is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coercivity.viz.server.messages import LONGEST_ADDRESS, allowed, read_message


def message(kind: Any = "comm_msg", channel: Any = "shell", **content: Any) -> dict[str, Any]:
    return {"header": {"msg_type": kind}, "channel": channel, "content": content}


def told(data: Any, comm: Any = "abc") -> bool:
    """Whether a widget may be told this."""
    return allowed(json.dumps(message(comm_id=comm, data=data)))


def binary(*parts: bytes, count: int | None = None) -> bytes:
    """The binary form: how many parts, where each begins, the parts."""
    head = 4 * (len(parts) + 1)
    starts = [head + sum(map(len, parts[:k])) for k in range(len(parts))]
    numbers = [len(parts) if count is None else count, *starts]
    return b"".join(number.to_bytes(4, "big") for number in numbers) + b"".join(parts)


# ---------------------------------------------------------------- the binary form


def test_the_first_part_of_a_binary_message_is_its_json() -> None:
    held = message("kernel_info_request")
    text = json.dumps(held).encode()
    assert read_message(binary(text)) == held
    assert read_message(binary(text, b"\x00\x01", b"more")) == held
    assert read_message(binary(text, *[b"x"] * 15)) == held
    assert read_message(json.dumps(held)) == held


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        binary(b"{}", count=0),
        binary(b"{}", *[b"x"] * 16),
        (2).to_bytes(4, "big") + (12).to_bytes(4, "big"),
        (16).to_bytes(4, "big") + b"\x00" * 63,
        binary(b"\xff\xfe"),
        b"[" * 100_000,
        "[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(frame: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_message(frame)
    assert not allowed(frame)


def test_a_head_that_is_there_to_its_last_byte_is_read() -> None:
    """Four bytes for the number of parts and four for each; one byte fewer is no message."""
    empty = (1).to_bytes(4, "big") + (8).to_bytes(4, "big")
    with pytest.raises(json.JSONDecodeError):
        read_message(empty)
    with pytest.raises(ValueError, match=r"^not a message$"):
        read_message(empty[:-1])


# ---------------------------------------------------------------- what may be said


@pytest.mark.parametrize(
    "kind", ["kernel_info_request", "comm_info_request", "comm_close", "shutdown_request"]
)
def test_four_plain_requests_are_let_through(kind: str) -> None:
    assert allowed(json.dumps(message(kind)))


@pytest.mark.parametrize("kind", ["execute_request", "complete_request", "", None, 3])
def test_other_requests_are_not(kind: Any) -> None:
    assert not allowed(json.dumps(message(kind)))


def test_only_the_shell_is_spoken_to_and_only_in_the_form_of_a_message() -> None:
    good = message("kernel_info_request")
    assert not allowed(json.dumps({**good, "channel": "control"}))
    for name in ("content", "header"):
        assert not allowed(json.dumps({**good, name: "text"}))
        assert not allowed(json.dumps({key: value for key, value in good.items() if key != name}))
    for other in ([good], "text", 3, None):
        assert not allowed(json.dumps(other))


def test_widgets_of_a_visitors_choice_are_not_opened() -> None:
    def opens(target: str) -> bool:
        return allowed(json.dumps(message("comm_open", target_name=target)))

    assert opens("solara.control")
    assert opens("jupyter.widget.control")
    assert not opens("jupyter.widget")
    assert not opens("")


def test_a_widget_is_told_events_with_data_and_nothing_else() -> None:
    assert told({"method": "custom", "content": {"event": "move", "data": 5}})
    assert told({"method": "custom", "content": {"event": "move"}})
    assert not told({"method": "custom", "content": {"data": 5}})
    assert not told({"method": "custom", "content": {"event": 5, "data": 5}})
    assert not told({"method": "custom", "content": {"event": "move", "create_widget": []}})
    assert not told({"method": "custom", "content": "move"})
    assert not told({"method": "custom"})
    assert not told({"method": "custom", "content": {"event": "move"}}, comm=5)


def test_an_update_sets_states_and_a_location_only_to_an_address_of_ours() -> None:
    assert told({"method": "update", "state": {"value": 3}})
    assert told({"method": "update", "state": {"location": "/play?seed=1"}})
    assert not told({"method": "update", "state": {"location": "https://elsewhere.example"}})
    assert not told({"method": "update", "state": {"location": 5}})
    assert not told({"method": "update", "state": "value"})
    assert told({"method": "update", "state": {"location": "/" + "x" * (LONGEST_ADDRESS - 1)}})
    assert not told({"method": "update", "state": {"location": "/" + "x" * LONGEST_ADDRESS}})


def test_a_page_runs_at_an_address_and_is_no_app_of_a_visitors_choice() -> None:
    assert told({"method": "run", "args": {"path": "/play"}})
    assert told({"method": "run", "args": {"path": "/play", "appName": None}})
    assert not told({"method": "run", "args": {"path": "/play", "appName": "os"}})
    assert not told({"method": "run", "args": {"path": "play"}})
    assert not told({"method": "run", "args": {}})
    assert not told({"method": "run"})


@pytest.mark.parametrize("method", ["app-status", "request_state", "request_states"])
def test_a_page_may_ask_how_it_stands(method: str) -> None:
    assert told({"method": method})


@pytest.mark.parametrize("data", [{"method": "reload"}, {}, None, [], "update"])
def test_other_methods_are_refused(data: Any) -> None:
    assert not told(data)
