"""Serve the page on this machine: `coercivity app`."""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import warnings
import webbrowser
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from coercivity.model.basis.errors import InputError
from coercivity.viz.server import phone_addresses
from coercivity.viz.server.connection_limits import MOST, SHARE, Places
from coercivity.viz.server.phone_addresses import is_loopback
from coercivity.viz.server.request_checks import CDN, HERE, Doors, Names, read_origins
from coercivity.viz.server.visitor import proxy_headers

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"
# Under which other origins the pages are shown, as behind a proxy with TLS:
# https://lab.example.org, several with commas.
ORIGINS = "COERCIVITY_ORIGINS"
LARGEST_MESSAGE = (
    1_000_000  # bytes that a browser may send at once; an uploaded scenario has at most 200,000
)

ENVIRONMENT = {  # defaults: what the user has set already stays
    "SOLARA_APP": "coercivity.viz.app",
    "SOLARA_MODE": "production",
    "SOLARA_KERNEL_CULL_TIMEOUT": "15m",  # else a lost connection keeps its session for a day
    "SOLARA_KERNEL_MAX_COUNT": str(
        MOST
    ),  # open pages; viz/server/connection_limits.py says who may hold how many
    "SOLARA_ROOT_PATH": "",  # else the first visitor's headers would set it for all
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Coercivity",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": str(
        Path(__file__).parent / "data"
    ),  # custom.css and custom.js, by names that solara knows
}


def serve(
    port: int = 8765, open_browser: bool = True, host: str = HOST, rehearse: bool = False
) -> None:
    """Serve the pages until Ctrl-C; port 0 takes any free one. A browser is opened if there is one.

    host: the address of this machine to listen on; 0.0.0.0 lets the laptops of a class in.
    rehearse: open the facilitator's page of a room in which simulated people play. Raises
    InputError if the port is taken, the host is not an address of this machine, or the front-end
    files are not installed.
    """
    _set_environment()
    origins = read_origins(os.environ.get(ORIGINS, ""))
    names = _names(host, origins)
    listener = _listen(port, host)
    bound_host, bound_port = listener.getsockname()
    phone_addresses.set_listening(bound_host, bound_port, origins)
    warnings.filterwarnings(
        "ignore", message="Cookies with samesite=none", category=UserWarning
    )  # we serve plain http on this machine only
    try:
        files = _get_ready()
        server = _server(host, names, files)
        listener.listen(128)  # from here on a visitor waits instead of being refused
        address = _tell_address(listener, host)
        if rehearse:
            address += _rehearsal()
            print(f"Lead the rehearsal at {address}", flush=True)
        if open_browser:
            threading.Thread(target=_open, args=(address,), daemon=True).start()
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass  # Ctrl-C is how this ends
    finally:
        listener.close()
        phone_addresses.forget()
        if asking := sys.modules.get("coercivity.viz.server.precompute"):
            asking.stop_all()  # first, as it would ask an engine that has ended
        if started := sys.modules.get("coercivity.viz.server.worker_pool"):
            started.worker_pool().stop()


def _set_environment() -> None:
    """Set what solara reads when it is loaded.

    It would fetch from a CDN what is not installed; we hand out its front-end files ourselves
    (viz/server/front_end.py), and ask nobody.
    """
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    os.environ.update(
        SOLARA_ASSETS_PROXY="false",
        SOLARA_ASSETS_CDN=os.environ["SOLARA_ROOT_PATH"].rstrip("/") + CDN,
    )


def _get_ready() -> Path:
    """Read scenarios and rooms and start workers: what is broken there is told before the address.

    Returns the folder of the front-end files, and raises InputError where it has none.
    """
    from solara.server import settings

    from coercivity.viz.classroom.rooms.registry import rooms
    from coercivity.viz.screens.lab import scenarios_json
    from coercivity.viz.server.front_end import front_end_folder
    from coercivity.viz.server.precompute import Precompute
    from coercivity.viz.server.worker_pool import warm_up, worker_pool

    scenarios_json()
    files = front_end_folder(Path(settings.assets.proxy_cache_dir))
    rooms()
    warm_up()
    Precompute(worker_pool(), in_use=lambda: rooms().in_use()).start()
    return files


def _server(host: str, names: Names, files: Path) -> uvicorn.Server:
    """A server of all pages behind the doors, which does not listen yet."""
    import uvicorn
    from solara.server import settings
    from solara.server.starlette import StaticFilesOptionalAuth, app

    import coercivity.viz.app
    from coercivity.viz.screens.door import THROUGH
    from coercivity.viz.screens.template import in_language
    from coercivity.viz.server.front_end import front_end
    from coercivity.viz.server.kernels import Kernels
    from coercivity.viz.server.messages import close_side_doors
    from coercivity.viz.server.not_found import not_found_page
    from coercivity.viz.server.slow_visitors import MOST_CONNECTIONS, Connection, Socket
    from coercivity.viz.words.language import SOURCE, languages

    close_side_doors()
    most = settings.kernel.max_count or MOST
    kernels = Kernels()
    places = Places(kernels.live, kernels.drop, most, each=_places_per_address(host, most))
    labels = [(path, label) for path, label, _ in coercivity.viz.app.PAGES]
    pages = {"/" + path.strip("/") for path, _ in labels}
    lost = partial(not_found_page, labels, THROUGH)
    script = Path(__file__).parent / "data" / "rejoin.js"

    def rejoin(code: str) -> bytes:
        return in_language(script, code if code in languages() else SOURCE).encode()

    front = front_end(files, StaticFilesOptionalAuth)
    doors = Doors(app, front, kernels, places, names, pages, lost, rejoin)
    config = uvicorn.Config(
        doors,
        http=Connection,
        ws=Socket,
        ws_max_size=LARGEST_MESSAGE,
        limit_concurrency=MOST_CONNECTIONS,
        proxy_headers=proxy_headers(),
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _tell_address(listener: socket.socket, host: str) -> str:
    """Print where the pages are, and to a class how to come in; returns the address."""
    port = listener.getsockname()[1]
    address = f"http://{HOST if host == '0.0.0.0' else host}:{port}"
    print(f"Coercivity is at {address} (Ctrl-C ends it)", flush=True)
    others = phone_addresses.reach().origins
    if others or host != HOST:
        print(_for_others(others, port), flush=True)
    if host != HOST:
        print(
            "Everybody in this network can open it, and what they send is not encrypted; for the "
            "internet put a server with TLS before it.",
            flush=True,
        )
    return address


def _for_others(others: tuple[str, ...], port: int) -> str:
    """How others come in: the addresses that phones can reach, or this machine's name where it is
    in no network (yet).
    """
    if not others:
        return (
            f"This machine is in no network yet. Join one; others then open its address there, or "
            f"http://{socket.gethostname()}:{port}."
        )
    if len(others) == 1:
        return f"Others, and the phones of a class, open {others[0]}"
    return (
        f"Others, and the phones of a class, open {others[0]} "
        f"(if that does not answer: {' or '.join(others[1:])})"
    )


def _rehearsal() -> str:
    """The facilitator's page of a new rehearsal, below the address of the server."""
    from coercivity.viz.classroom.pages.class_page import address
    from coercivity.viz.classroom.pages.rehearsal_page import USUAL, begin_rehearsal

    return address(*begin_rehearsal({"lesson": USUAL}))


def _names(host: str, origins: tuple[str, ...] = ()) -> Names:
    """By which names a server that listens there may be asked: its address and, where others reach
    it, any IP address and the names under which a network knows this machine.
    """
    if is_loopback(host):
        return Names((*HERE, host), origins)
    own = socket.gethostname().lower()
    first = own.partition(".")[0]
    return Names((*HERE, host.lower(), own, first, f"{first}.local"), origins, numbers=True)


def _places_per_address(host: str, most: int) -> int | None:
    """How many of its places one address may hold, None for no limit: behind a proxy that is
    believed, a server for this machine alone has many visitors.
    """
    return None if is_loopback(host) and not proxy_headers() else most // SHARE


def _listen(port: int, host: str) -> socket.socket:
    """Bind before anything slow is imported, so that a taken port is told at once."""
    if not 0 <= port <= 65535:
        raise InputError(
            "port {port} is not a port", "use one from 1 to 65535, for example 8765", port=port
        )
    if not host.strip():
        raise InputError(
            "host is empty, which would let the whole network in",
            "use {here} for this machine alone, or 0.0.0.0 for its network",
            here=HOST,
        )
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere the option would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (
        socket.gaierror,
        TypeError,
        ValueError,
    ):  # the last two: letters that no name of a host has
        listener.close()
        raise InputError(
            "host '{value}' is not an address",
            "use {here} for this machine alone, or 0.0.0.0 for its network",
            value=host,
            here=HOST,
        ) from None
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise InputError(
                "host '{value}' is not an address of this machine",
                "use {here}, or 0.0.0.0 for its network",
                value=host,
                here=HOST,
            ) from None
        raise InputError(
            "port {port} cannot be used ({reason})",
            "choose another with --port, for example --port {other}",
            port=port,
            reason=error.strerror,
            other=port % 65535 + 1,
        ) from None
    return listener


def _open(address: str) -> None:
    """Open a browser that has a screen to draw on; a text browser would take over the terminal."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    try:
        webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return
