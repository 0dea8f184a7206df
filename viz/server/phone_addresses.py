"""At which addresses phones can reach the server: those that its owner names (COERCIVITY_ORIGINS),
else those of this machine's interfaces, the likeliest first.

Where it listens for this machine alone there is none; the command that mends it is told instead.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import ifaddr

from coercivity.model.basis.errors import InputError
from coercivity.viz.server.request_checks import read_origins

PRIVATE: Final = tuple(
    map(ipaddress.IPv4Network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12"))
)
# Bridges and tunnels of this machine, at which no phone of the room is: how their names begin.
INNER: Final = (
    "docker",
    "br-",
    "veth",
    "virbr",
    "vmnet",
    "vboxnet",
    "vnic",
    "lxc",
    "lxd",
    "podman",
    "cni",
    "flannel",
    "tun",
    "tap",
    "utun",
    "wg",
    "tailscale",
    "zt",
    "ppp",
    "vethernet",
    "virtualbox",
    "vmware",
    "hyper-v",
)
ELSEWHERE: Final = ("192.0.2.1", 9)  # an address of nobody (RFC 5737), to which nothing is sent
LONGEST: Final = 200  # characters of an address that a page names


@dataclass(frozen=True)
class Interface:
    """An interface of this machine and one of its addresses."""

    name: str
    address: str


@dataclass(frozen=True)
class Listening:
    """Where the server listens, and the origins that its owner names."""

    host: str
    port: int
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """Origins at which phones reach the server, and where there is none the command that mends it.

    known: whether the server has said where it listens.
    """

    origins: tuple[str, ...] = ()
    remedy: str = ""
    known: bool = True


_here: list[Listening] = []


def set_listening(host: str, port: int, origins: tuple[str, ...] = ()) -> None:
    """The server says where it listens, for the pages that it will show."""
    _here[:] = [Listening(host, port, origins)]


def forget() -> None:
    """The server has ended."""
    _here.clear()


def reach(seen: object = "") -> Reach:
    """How phones reach the server now; its network may change while it runs.

    seen: the origin by which a page was opened. It counts too where a phone can ask it, as behind a
    router of its own (a container) the server cannot know it.
    """
    page = _open_to_phones(seen)
    if not _here:
        return Reach(page, known=False)
    (here,) = _here
    named = tuple(one for origin in here.origins for one in _open_to_phones(origin))
    found = named or tuple(_make_origin(address, here.port) for address in _addresses(here.host))
    origins = tuple(dict.fromkeys((*found, *page)))
    alone = not origins and is_loopback(here.host)
    return Reach(origins, f"coercivity app --host 0.0.0.0 --port {here.port}" if alone else "")


def in_order(interfaces: Iterable[Interface], route: str = "") -> list[str]:
    """The IPv4 addresses (the server has no other) at which others may reach this machine: private
    ones, public ones, those of bridges and tunnels, link-local ones; never loopback. Among equals
    the one from which this machine goes out itself (*route*) stands first.
    """
    ranked = []
    for place, one in enumerate(interfaces):
        rank = _rank(one)
        if rank is not None:
            ranked.append((rank, one.address != route, place, one.address))
    return list(dict.fromkeys(address for *_, address in sorted(ranked)))


def _rank(one: Interface) -> int | None:
    try:
        address = ipaddress.IPv4Address(one.address)
    except ValueError:
        return None
    if address.is_loopback or address.is_unspecified or address.is_multicast:
        return None
    if address.is_link_local:
        return 3
    if one.name.lower().startswith(INNER):
        return 2
    return 0 if any(address in network for network in PRIVATE) else 1


def interfaces() -> list[Interface]:
    """The interfaces of this machine, by the names that its user knows."""
    return [
        Interface(str(adapter.nice_name), str(one.ip))
        for adapter in ifaddr.get_adapters()
        for one in adapter.ips
        if one.is_IPv4
    ]


def outgoing_address() -> str:
    """From which address this machine goes to others; '' where it goes to none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def is_loopback(host: str) -> bool:
    """Whether only this machine can ask a server that listens there."""
    return host == "localhost" or host.startswith("127.")


def _addresses(host: str) -> list[str]:
    if is_loopback(host):
        return []
    return in_order(interfaces(), outgoing_address()) if host == "0.0.0.0" else [host]


def _make_origin(address: str, port: int) -> str:
    return f"http://{address}" + (f":{port}" if port != 80 else "")


def _open_to_phones(origin: object) -> tuple[str, ...]:
    """An origin, if it is one and another machine could ask it."""
    if not isinstance(origin, str) or len(origin) > LONGEST:
        return ()
    try:
        (one,) = read_origins(origin)
        host = urlsplit(one).hostname or ""
    except (InputError, ValueError):
        return ()
    own = host in ("::1", "0.0.0.0", "::") or is_loopback(host) or host.endswith(".localhost")
    plain = all(letter.isalnum() or letter in "-._:" for letter in host)
    return () if own or not plain else (one,)
