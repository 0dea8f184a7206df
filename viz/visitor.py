"""The address that a visitor comes from. The doors (viz/doors.py) write it into each websocket's headers, where solara keeps it for the page."""

from __future__ import annotations

import ipaddress
from typing import Final

HEADER: Final = "x-coercivity-visitor"  # what a visitor himself sends under this name is dropped at the doors
NOBODY: Final = "here"  # outside of a server


def plain_address(host: str) -> str:
    """One name for what is one visitor: the network of an IPv6 address, as each house has more addresses than can be counted; IPv4 as it is."""
    try:
        address = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return host[:60]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address) + "/64"
    return str(address)


def visitor() -> str:
    """The address of whoever the running page belongs to; the same for all where there is no server."""
    from solara.lab import headers
    from solara.server.kernel_context import has_current_context

    found = (headers.value or {}).get(HEADER) if has_current_context() else None
    return found[0] if found else NOBODY
