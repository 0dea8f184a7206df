"""Serve the page on this machine: `coercivity app`."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from coercivity.model.errors import InputError, shorten

HOST = "127.0.0.1"
LARGEST_MESSAGE = 1_000_000  # bytes that a browser may send at once; an uploaded scenario has at most 200,000
CLOSED = ("/resourcez",)  # what the server tells of itself is nobody else's business
CDN = "/_solara/cdn/"  # under this path the server hands out the front-end files of the package solara-assets

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_App = Callable[[_Message, _Receive, _Send], Awaitable[None]]

ENVIRONMENT = {  # defaults: what the user has set already stays
    "SOLARA_APP": "coercivity.viz.app",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "15m",  # a lost connection would otherwise keep its session for a day
    "SOLARA_KERNEL_MAX_COUNT": "400",  # sessions at once, about 1.5 MB each: ten classes
    "SOLARA_KERNEL_MAX_PER_SESSION": "30",  # open pages of one browser
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Coercivity",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": str(Path(__file__).parent / "data"),  # custom.css and custom.js, by names that solara knows
}

HEADERS = (
    # Vue templates are compiled in the browser, hence 'unsafe-eval'; nothing may come from or go to another host
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        b"font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
)


def serve(port: int = 8765, open_browser: bool = True, host: str = HOST) -> None:
    """Serve the pages until Ctrl-C; port 0 takes any free one. A browser is opened if there is one, its lack is no error.

    host: the address of this machine to listen on; 0.0.0.0 lets the laptops of a class in. Raises InputError if the port is taken, the host is not an
    address of this machine, or the front-end files are not installed.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    listener = _listen(port, host)
    warnings.filterwarnings("ignore", message="Cookies with samesite=none", category=UserWarning)  # we serve plain http on this machine only
    try:
        import uvicorn
        from solara.server import settings
        from solara.server.starlette import app

        import coercivity.viz.app  # noqa: F401  what is broken in a page is told here, not after the address
        from coercivity.viz.engine import warm_up
        from coercivity.viz.rooms import rooms
        from coercivity.viz.screens.lab import scenarios_json
        from coercivity.viz.visitor import proxy_headers

        scenarios_json()  # what is broken in the scenarios is told here, not in a page that stays blank
        files = Path(settings.assets.proxy_cache_dir)
        if not (files / "echarts@5.4.0").is_dir():
            raise InputError(f"the page's front-end files are not in '{files}'; install them with: pip install solara-assets")
        address = f"http://{HOST if host == '0.0.0.0' else host}:{listener.getsockname()[1]}"
        rooms()  # journals that cannot be read are told here
        warm_up()
        listener.listen(128)  # from here on a visitor waits instead of being refused
        print(f"Coercivity is at {address} (Ctrl-C ends it)", flush=True)
        if host != HOST:
            port = listener.getsockname()[1]
            print(f"Others open http://{socket.gethostname()}:{port}, or this machine's address in their network; for a class, open that here too.", flush=True)
            print("Everybody in this network can open it, and what they send is not encrypted; for the internet put a server with TLS before it.", flush=True)
        if open_browser:
            threading.Thread(target=_open, args=(address,), daemon=True).start()
        config = uvicorn.Config(
            guarded(app, files), log_level="warning", timeout_graceful_shutdown=1, ws_max_size=LARGEST_MESSAGE, proxy_headers=proxy_headers()
        )
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # Ctrl-C is how this ends
    finally:
        listener.close()
        if started := sys.modules.get("coercivity.viz.engine"):
            started.engine().stop()


def guarded(app: _App, files: Path) -> _App:
    """Return *app* with security headers, and without its habit of asking a CDN for front-end files that are not in *files*."""

    async def guard(scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = str(scope["path"])
        if path in CLOSED:
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain"), *HEADERS]})
            await send({"type": "http.response.body", "body": b"not here"})
            return
        if CDN in path and not (files / path.split(CDN, 1)[1]).is_file():
            await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain"), *HEADERS]})
            await send({"type": "http.response.body", "body": b"not among the installed front-end files"})
            return

        async def send_with_headers(message: _Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await app(scope, receive, send_with_headers)

    return guard


def _listen(port: int, host: str) -> socket.socket:
    """Bind before anything slow is imported, so that a taken port is told at once."""
    if not 0 <= port <= 65535:
        raise InputError(f"port {port} is not a port; use one from 1 to 65535, for example 8765")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere the option would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except socket.gaierror:
        listener.close()
        raise InputError(f"host '{shorten(host)}' is not an address; use {HOST} for this machine alone, or 0.0.0.0 for its network") from None
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise InputError(f"host '{shorten(host)}' is not an address of this machine; use {HOST}, or 0.0.0.0 for its network") from None
        raise InputError(
            f"port {port} cannot be used ({error.strerror}); choose another with --port, for example --port {port % 65535 + 1}"
        ) from None
    return listener


def _open(address: str) -> None:
    """Open a browser that has a screen to draw on; a text browser would take over the terminal."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    try:
        webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return
