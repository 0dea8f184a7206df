"""Who asks: the address from which a page is open, as a key for brakes and limits.

It is the address of the connection itself. What a proxy says of whom it forwards (X-Forwarded-For)
is believed only if the server was told which proxies to believe, with uvicorn's own variable:
FORWARDED_ALLOW_IPS=127.0.0.1. Behind a proxy of which it was not told, all visitors are one.
"""

from __future__ import annotations

import ipaddress
import os
from typing import Final

PROXIES: Final = "FORWARDED_ALLOW_IPS"
UNKNOWN: Final = "unknown"


def visitor() -> str:
    """The key of the visitor whose page is being drawn or has just asked for something; outside of
    a page 'unknown'.
    """
    from solara.server import kernel_context

    if not kernel_context.has_current_context():
        return UNKNOWN
    session = getattr(kernel_context.get_current_context().kernel, "session", None)
    hosts = {
        key(ws.client.host)
        for websocket in list(getattr(session, "websockets", ()))
        if (ws := getattr(websocket, "ws", None)) is not None and ws.client
    }
    return min(
        hosts, default=UNKNOWN
    )  # a page that has just moved to another network has two for a moment


def key(host: str) -> str:
    """One key for all addresses that one visitor is likely to have: of IPv6 it is the network
    (/64), as a machine may take any address in it.
    """
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return host[:100] or UNKNOWN
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return (
            str(ipaddress.ip_network((address, 64), strict=False))
            if not address.is_loopback
            else str(address)
        )
    return str(address)


def proxy_headers() -> bool:
    """Whether the server was told of proxies; for uvicorn, which believes any on this machine
    otherwise.
    """
    return bool(os.environ.get(PROXIES, "").strip())
