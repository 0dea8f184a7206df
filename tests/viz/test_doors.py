"""The doors, without a browser and without a server: made-up requests, and what they are answered."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.server import request_checks
from coercivity.viz.server.connection_limits import Places
from coercivity.viz.server.front_end import front_end
from coercivity.viz.server.request_checks import HEADERS, Doors, Names, read_origins

KERNEL = "12345678-0000-4000-8000-123456789012"
SOCKET = f"/jupyter/api/kernels/{KERNEL}/channels"
GREETING = {"header": {"msg_type": "kernel_info_request"}, "content": {}, "channel": "shell"}


class Behind:
    """An application that answers everything, and remembers what came through."""

    def __init__(self) -> None:
        self.came: list[Any] = []
        self.heard: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.came.append(scope)
        if scope["type"] == "http":
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]}
            )
            await send({"type": "http.response.body", "body": b"page"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message)


class Pages:
    """One page there is: its kernel is KERNEL, its browser's session 'mine'."""

    def __init__(self, *kernels: str) -> None:
        self.kernels = kernels

    def is_of(self, kernel: str, session: str) -> bool:
        return kernel not in self.kernels or session == "mine"

    def has(self, kernel: str, page: str) -> bool:
        return kernel in self.kernels and page == "1"


def ask(
    doors: Doors, path: str = "/", *said: Any, gone: bool = False, **changed: Any
) -> list[dict[str, Any]]:
    """What the doors send for a request (a websocket where the path is one of them), after it has
    *said* some messages. gone: who asked is not there any more when a connection is ended.
    """
    socket = "kernels" in path and path.endswith("channels")
    scope = {
        "type": "websocket" if socket else "http",
        "path": path,
        "method": "GET",
        "query_string": b"session_id=1" if socket else b"",
        "headers": [(b"host", b"localhost:8765")],
        "client": ("127.0.0.1", 1),
        "extensions": {"websocket.http.response": {}},
    } | changed
    sent: list[Any] = []
    waiting = [
        {"type": "websocket.connect"},
        *(
            {"type": "websocket.receive", "text": one if isinstance(one, str) else json.dumps(one)}
            for one in said
        ),
    ]

    async def receive() -> Any:
        if not socket:
            await asyncio.Event().wait()  # a browser that waits for its answer
        return waiting.pop(0) if waiting else {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        sent.append(message)
        if gone and message["type"] == "websocket.close":
            raise ConnectionResetError

    with ThreadPoolExecutor(1) as pool:  # tests in a browser may have left a loop in this thread
        pool.submit(asyncio.run, doors(scope, receive, send)).result()
    return sent


def doors_of(
    behind: Behind,
    names: Names = Names(),
    places: Places | None = None,
    files: Path | None = None,
    kernels: tuple[str, ...] = (),
) -> Doors:
    return Doors(
        behind,
        front_end(files) if files else behind,
        Pages(*kernels),
        places or Places(set, lambda _: None),
        names,
        {"/", "/class"},
    )


def status(sent: list[dict[str, Any]]) -> int:
    """The status of an answer; 101 for a websocket that was let in."""
    return 101 if sent[0]["type"] == "websocket.accept" else int(sent[0]["status"])


def let_in(host: bytes, *origin: bytes, path: str = SOCKET, **doors: Any) -> int:
    """The status for who asks by this name, from a page of this origin."""
    headers = [(b"host", host), *((b"origin", one) for one in origin)]
    return status(ask(doors_of(Behind(), **doors), path, headers=headers))


OWN = b"localhost:8765"


def test_a_server_for_this_machine_is_asked_by_its_names_at_any_port() -> None:
    for host in (
        b"localhost",
        b"LOCALHOST:8765",
        b"127.0.0.1:9999",
        b"[::1]:8765",
        b"localhost.:80",
    ):
        assert let_in(host, path="/") == 200, host


@pytest.mark.parametrize("path", ["/", SOCKET])
def test_a_site_that_points_its_name_at_this_machine_is_refused(path: str) -> None:
    sites = (b"evil.example", b"localhost.evil.example:8765", b"127.0.0.1.evil.example")
    for host in (*sites, b"", b"localhost@evil.example", b"192.168.0.7"):
        assert let_in(host, path=path) == 421, host


def test_a_request_names_one_host_and_one_origin_at_most() -> None:
    origins = [(b"host", b"localhost"), *[(b"origin", b"http://localhost")] * 2]
    for headers in ([], [(b"host", b"localhost")] * 2, origins):
        assert status(ask(doors_of(Behind()), SOCKET, headers=headers)) == 400


@pytest.mark.parametrize("names", [Names(), Names(numbers=True)])
def test_a_websocket_is_let_in_from_our_own_page_or_no_browser_and_from_no_other_site(
    names: Names,
) -> None:
    assert let_in(OWN, names=names) == 101
    for origin in (b"http://localhost:8765", b"HTTP://LOCALHOST:8765"):
        assert let_in(OWN, origin, names=names) == 101
    sites = (
        b"http://evil.example",
        b"http://localhost:9999",
        b"http://localhost:8765.evil.example",
    )
    for origin in (*sites, b"null", b"file://", b"", b"http://[", b"http://\xb2]"):
        assert let_in(OWN, origin, names=names) == 403, origin


def test_behind_a_proxy_its_origin_is_named() -> None:
    names = Names(origins=read_origins("https://lab.example.org, http://Other.example:81/"))
    lab = b"https://lab.example.org"
    for host in (b"lab.example.org", b"127.0.0.1:8765"):  # also by a proxy that keeps the name
        assert let_in(host, lab, names=names) == 101
    assert let_in(b"other.example:81", b"http://other.example:81", names=names) == 101
    assert let_in(b"lab.example.org", b"https://evil.example", names=names) == 403


def test_an_origin_that_is_none_is_told_in_one_line() -> None:
    bare = ("lab.example.org", "https://lab.example.org/path", "ftp://x", "https://", "https://a@b")
    for text in (*bare, "*", "https://[", "http://a]b"):
        with pytest.raises(
            InputError, match=r"^origin '.*' is not one; write scheme and name alone"
        ):
            read_origins(text)


def test_a_page_is_closed_and_taken_up_again_by_its_own_browser_alone() -> None:
    host, path = (b"host", b"localhost"), f"/_solara/api/close/{KERNEL}"
    mine = [host, (b"cookie", b"a=b; solara-session-id=mine")]
    doors = doors_of(Behind(), kernels=(KERNEL,))

    def closing(headers: list[tuple[bytes, bytes]], page: bytes = b"1") -> int:
        query = b"session_id=" + page
        return status(ask(doors, path, method="POST", query_string=query, headers=headers))

    assert closing(mine) == 200
    assert closing([*mine, (b"origin", b"http://evil.example")]) == 403
    assert closing(mine, b"2") == 404
    assert status(ask(doors, SOCKET, headers=mine)) == 101
    for cookie in (b"", b"solara-session-id=other", b"solara-session-id-lax=other"):
        assert closing([host, (b"cookie", cookie)]) == 404
        assert status(ask(doors, SOCKET, headers=[host, (b"cookie", cookie)])) == 403
    lax = [host, (b"cookie", b"solara-session-id-lax=mine")]
    assert status(ask(doors, SOCKET, headers=lax)) == 101


def test_what_a_visitor_says_of_a_proxy_does_not_reach_solara() -> None:
    behind = Behind()
    said = [
        (b"host", b"localhost"),
        (b"X-Script-Name", b"//evil.example"),
        (b"script-name", b"/x"),
        (b"x-forwarded-proto", b"x"),
        (b"x-forwarded-host", b"e"),
    ]
    ask(doors_of(behind), headers=said)
    assert behind.came[0]["headers"] == [(b"host", b"localhost")]


def test_every_answer_carries_the_security_headers() -> None:
    for path in ("/", "/nothing/here"):
        assert set(HEADERS) <= set(ask(doors_of(Behind()), path)[0]["headers"])


def test_what_no_page_asks_for_is_not_there() -> None:
    of_solara = ("/jupyter/api/kernels/1", "/_solara/api/evict/" + KERNEL, "/_solara/auth/login")
    statics = ("/static/../x", "/static/..\\x", "/static/\x00", "/static/a\nb", "/static/.hidden")
    for path in (
        *(*of_solara, *statics, "/resourcez", "/jupyter/nbextensions/other/x.js", "/a/b"),
        *("//evil.example", "/" + "x" * 5000, "/%2e%2e/", "/_solara/api/close/" + KERNEL),
    ):
        behind = Behind()
        assert status(ask(doors_of(behind), path)) in (404, 405), path
        assert behind.came == []
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW", "get"):
        assert status(ask(doors_of(Behind()), method=method)) == 405, method
    for kernel in ("1", f"{KERNEL}x", ""):  # forged pages
        assert status(ask(doors_of(Behind()), f"/jupyter/api/kernels/{kernel}/channels")) == 404
    assert status(ask(doors_of(Behind()), SOCKET, query_string=b"")) == 404


def test_front_end_files_come_from_one_folder_and_what_is_not_there_tells_nothing(
    tmp_path: Path,
) -> None:
    files = tmp_path / "files"
    (files / "vue@1.0.0").mkdir(parents=True)
    (files / "vue@1.0.0" / "vue.js").write_text("here")
    (tmp_path / "secret").write_text("secret")
    (files / "way-out").symlink_to(tmp_path / "secret")
    doors = doors_of(Behind(), files=files)
    found = ask(doors, "/_solara/cdn/vue@1.0.0/vue.js")
    assert status(found) == 200
    assert status(ask(doors, "/_solara/cdn/echarts/dist/echarts.min.js")) == 404
    assert b"immutable" in dict(found[0]["headers"])[b"cache-control"]
    answers = {}
    for path in (
        "katex@1/katex.js",
        "/etc/shadow",
        "/etc/no-such-file",
        "../secret",
        "..%2fsecret",
        "way-out",
        "%2e%2e/secret",
        "..\\secret",
        "vue@1.0.0/vue.js\x00",
        str(tmp_path / "secret"),
    ):
        sent = ask(doors, "/_solara/cdn/" + path)
        assert status(sent) == 404, path
        answers[path] = b"".join(one.get("body", b"") for one in sent[1:])
        assert str(tmp_path).encode() not in answers[path]
    assert answers["/etc/shadow"] == answers["/etc/no-such-file"]
    assert (
        files / "vue@1.0.0" / "vue.js"
    ).exists()  # solara's own would delete a folder that is asked for


def test_what_no_page_says_ends_the_connection_before_anything_hears_it() -> None:
    behind = Behind()
    ask(doors_of(behind), SOCKET, GREETING)
    assert len(behind.heard) == 1
    forged = {**GREETING, "header": {"msg_type": "execute_request"}}
    for message in (forged, "{", "[" * 5000):
        behind = Behind()
        sent = ask(doors_of(behind), SOCKET, message, GREETING)
        assert behind.heard == []
        assert (sent[-1]["type"], sent[-1]["code"]) == ("websocket.close", 1008)


def test_one_address_never_holds_all_places_and_the_others_still_come_in() -> None:
    places = Places(set, lambda _: None, most=9, each=3)
    assert [places.take("10.0.0.1", f"k{k}") == "" for k in range(5)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert "3 pages are open at your address" in places.refusal("10.0.0.1")
    assert places.take("10.0.0.2", "other") == ""
    places.leave("10.0.0.1", "k0")
    assert places.take("10.0.0.1", "k9") == ""


def test_a_refused_page_says_why_and_a_refused_websocket_too() -> None:
    places = Places(set, lambda _: None, most=9, each=1)
    places.take("127.0.0.1", "k")
    for path in ("/", "/class", SOCKET):
        sent = ask(doors_of(Behind(), places=places), path)
        assert status(sent) == 503
        assert b"close some and reload" in sent[1]["body"]
    assert status(ask(doors_of(Behind(), places=places), "/static/assets/style.css")) == 200


def test_pages_that_were_left_make_room_oldest_first_and_one_that_comes_back_keeps_its_place() -> (
    None
):
    live, dropped = {"k0", "k1", "k2", "k3", "k4"}, []
    places = Places(lambda: live, dropped.append, most=9, each=3)
    for k in range(3):
        assert places.take("a", f"k{k}") == ""
    for k in (1, 0, 2):
        places.leave("a", f"k{k}")
    assert places.held("a") == 3
    assert places.take("a", "k0") == ""  # it comes back
    assert places.take("a", "k3") == ""
    assert places.take("a", "k4") == ""
    assert dropped == ["k1", "k2"]
    assert places.take("a", "k5") != ""


def test_a_closed_page_gives_its_place_back_although_its_websocket_ends_badly() -> None:
    class Fails(Behind):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            raise RuntimeError("on purpose")

    places = Places(set, lambda _: None)
    with pytest.raises(RuntimeError):
        ask(doors_of(Fails(), places=places), SOCKET)
    assert places.held("127.0.0.1") == 0


def test_guessing_at_anothers_page_does_not_take_it_over() -> None:
    places = Places(lambda: {"mine"}, lambda _: None, most=9, each=2)
    places.take("victim", "mine")
    places.leave("victim", "mine")
    places.take("thief", "mine")
    places.leave("thief", "mine")
    assert (places.held("victim"), places.held("thief")) == (1, 0)


def test_a_full_server_takes_the_place_of_a_page_that_was_left_and_else_says_so() -> None:
    live, dropped = {"x0", "x1", "y0"}, []
    places = Places(lambda: live, dropped.append, most=3, each=2)
    for address, kernel in (("x", "x0"), ("x", "x1"), ("y", "y0")):
        assert places.take(address, kernel) == ""
    assert "all 3 places" in places.take("z", "z0")
    places.leave("x", "x0")
    assert places.take("z", "z0") == ""
    assert dropped == ["x0"]


def test_a_websocket_that_cannot_be_answered_is_closed_with_the_reason() -> None:
    headers = [(b"host", b"evil.example")]
    (closed,) = ask(doors_of(Behind()), SOCKET, headers=headers, extensions={})
    assert (closed["type"], closed["code"]) == ("websocket.close", 1008)
    assert closed["reason"]


def test_who_says_too_much_at_once_is_heard_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real(0)

    monkeypatch.setattr(request_checks.asyncio, "sleep", sleep)
    monkeypatch.setattr(request_checks, "BURST", 2)
    behind = Behind()
    ask(doors_of(behind), SOCKET, *[GREETING] * 4)
    assert len(behind.heard) == 4
    assert all(seconds > 0.0 for seconds in slept)
    assert len(slept) >= 2
