"""Attacks with requests: names, paths, methods, headers, and requests that never end."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from tools.fuzz.guest import (
    ALONE,
    LEAKS,
    OTHER,
    PATIENCE,
    Try,
    fetch,
    plug,
    refused,
    served,
    upgrade,
)

ORIGINS = "http://evil.example null file:// http://127.0.0.1 http://127.0.0.1:1 %%"
HOSTS = "evil.example evil.example:80 127.0.0.1.evil.example 0.0.0.0 localhost@evil.example [::2]"
PAGES = "/ /play /chain /compare /class /claims /evidence"
TAILS = """/etc/passwd /etc/shadow etc/passwd ../../../../../../etc/passwd
%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd ..%2f..%2fetc/passwd ..%5c..%5cetc ..%255c
%2fetc%2fpasswd %00 x%00.js %0d%0aSet-Cookie:%20a=b ....//....//etc/passwd ~root
%c0%ae%c0%ae/etc/passwd %ff%fe .env echarts@5.4.0 echarts@5.4.0/ echarts@5.4.0/dist nothing@9/x.js
C:%5cwindows file:///etc/passwd http://evil.example/x.js . .."""
FILES = "/_solara/cdn/ /static/assets/ /static/ /jupyter/nbextensions/jupyter-vue/"
OTHERS = "/static/public/ /jupyter/nbextensions/ /"
NONE = """/resourcez /resourcez?verbose /jupyter/api/kernels/x /_solara/api/evict/x /docs
/openapi.json /_solara/auth/login"""


def names(address: str, home: Path) -> Iterator[Try]:
    """Sites that point their names here, and pages of other sites."""
    for origin in (*ORIGINS.split(), "", address.replace("http", "https") + ".evil.example"):
        yield f"origin {origin!r}", refused(address, Origin=origin)
    yield "own origin", not refused(address, Origin=address)
    with served(ALONE) as (alone, _):
        for host in (*HOSTS.split(), "", "localhost evil.example"):
            yield f"host {host!r}", fetch(alone.address, Host=host)[0] in (400, 421)
        port = alone.address.rsplit(":", 1)[1]
        for host in (f"localhost:{port}", f"[::1]:{port}", "127.0.0.1", "LOCALHOST"):
            yield f"own host {host}", fetch(alone.address, Host=host)[0] == 200


def paths(address: str, home: Path) -> Iterator[Try]:
    """Files that are none of ours, and what tells of them."""
    secret = home / "secret.txt"
    secret.write_text("the secret")
    long = ("." * 90, "x" * 250, "x" * 4000, "/".join("y" * 2000))
    for base in (*FILES.split(), *OTHERS.split()):
        for tail in (*TAILS.split(), *long, str(secret), ""):
            status, _, body = fetch(address, base + tail)
            good = status in (400, 404) or (status == 200 and base + tail in ("/", "/static/"))
            yield (
                f"{base}{tail[:60]} -> {status}",
                good and "the secret" not in body and (status == 200 or LEAKS.search(body) is None),
            )
    for base in FILES.split():
        tails = ("/etc/passwd", "/etc/no-such-file")
        there, absent = (fetch(address, base + tail)[::2] for tail in tails)
        yield f"{base} tells whether a file is there", there == absent
    for path in NONE.split():
        yield path, fetch(address, path)[0] in (404, 405)
    yield (
        "front-end files are still there",
        fetch(address, "/_solara/cdn/echarts@5.4.0/dist/echarts.min.js")[0] == 200,
    )
    for path in PAGES.split():
        yield f"page {path}", fetch(address, path)[0] == 200


def raw(address: str, data: bytes, wait: float = 5.0) -> bytes:
    """What a server says to these bytes, until it closes or is silent."""
    with plug(address, timeout=wait) as line:
        heard = b""
        with contextlib.suppress(OSError):
            line.sendall(data)
            while len(heard) < 500_000 and (part := line.recv(65536)):
                heard += part
        return heard


def requests(address: str, home: Path) -> Iterator[Try]:
    """What is no request, or two in one."""
    host = b"Host: localhost\r\nConnection: close\r\n"
    kernel = "/jupyter/api/kernels/12345678-0000-4000-8000-123456789012"
    close = b"Connection: close\r\n\r\n"
    smuggled = b"0\r\n\r\nGET /resourcez HTTP/1.1\r\n\r\n"

    def get(more: bytes = b"", line: bytes = b"GET /") -> bytes:
        return line + b" HTTP/1.1\r\n" + host + more + b"\r\n"

    def post(more: bytes) -> bytes:
        return b"POST / HTTP/1.1\r\n" + host + more

    tries = {
        "no request": b"\x00\x01\x02\r\n\r\n",
        "tls greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        "http 0.9": b"GET /\r\n\r\n",
        "http 2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "no host": b"GET / HTTP/1.1\r\n" + close,
        "two hosts": get(host),
        "method": get(line=b"BREW /"),
        "long method": get(line=b"A" * 9000 + b" /"),
        "trace": get(line=b"TRACE /"),
        "connect": get(line=b"CONNECT evil.example:443"),
        "absolute": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n" + close,
        "long header": get(b"X: " + b"x" * 200_000 + b"\r\n"),
        "many headers": get(b"X: 1\r\n" * 30_000),
        "folded header": get(b"X: 1\r\n 2\r\n"),
        "nul in header": get(b"X: \x00\r\n"),
        "two lengths": post(b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"),
        "negative": post(b"Content-Length: -1\r\n\r\n"),
        "length and chunks": post(
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled
        ),
        "bad chunk": post(b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n"),
        "expect": post(b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"),
        "upgrade": b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\n"
        b"Upgrade: h2c\r\n\r\n",
        "websocket on a page": upgrade("/"),
        "websocket without a key": upgrade("/", key=b""),
        "websocket, kernel of dots": upgrade("/jupyter/api/kernels/../channels?session_id=1"),
        "websocket, no session": upgrade(f"{kernel}/channels"),
        "websocket, other name": upgrade(f"{kernel}/stdin?session_id=1"),
    }
    for name, data in tries.items():
        heard = raw(address, data, 12.0)
        status = int(heard[9:12]) if heard.startswith(b"HTTP/1.") else 0
        body = heard.partition(b"\r\n\r\n")[2].decode("latin-1")
        good = status in (0, 400, 403, 404, 405, 421, 426, 431, 501) or (
            name in ("folded header", "absolute", "upgrade") and status == 200
        )
        yield f"{name} -> {status}", good and (status == 200 or LEAKS.search(body) is None)


def headers(address: str, home: Path) -> Iterator[Try]:
    """Headers by which the first visitor could speak for all."""
    forged = {
        "X-Forwarded-For": "10.9.9.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "gopher",
        "Script-Name": "//evil.example",
        "X-Script-Name": "/evil",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/resourcez",
        "X-HTTP-Method-Override": "DELETE",
        "Cookie": "solara-session-id=" + "x" * 5000,
        "X-Rewrite-URL": "/resourcez",
        "Accept-Encoding": "x" * 3000,
        "If-None-Match": '"' * 3000,
        "Range": "bytes=" + "0-1," * 900,
        "If-Modified-Since": "never",
    }
    plain = re.sub(r"[0-9a-f-]{36}", "", fetch(address)[2])
    for name, value in forged.items():
        status, back, body = fetch(address, **{name: value})
        yield name, status == 200 and "evil" not in body + str(back)
        yield (
            f"{name} changes nothing for the next",
            re.sub(r"[0-9a-f-]{36}", "", fetch(address, source=OTHER)[2]) == plain,
        )
    status, back, _ = fetch(address, Cookie="solara-session-id=a%0d%0aSet-Cookie:%20x=y")
    yield "a cookie with lines", status == 200 and "\r\nx=y" not in str(back)
    for path in ("/", "/static/assets/lab.css", "/_solara/cdn/x", "/resourcez"):
        _, back, _ = fetch(address, path)
        wanted = ("content-security-policy", "x-content-type-options", "referrer-policy")
        yield f"security headers on {path}", all(back.get(one) for one in wanted)
    cookie = str(fetch(address)[1].get("set-cookie"))
    yield "the cookie is not for scripts", "httponly" in cookie.lower()


def ended(line: socket.socket) -> bool:
    """Whether the server closes a connection before its patience is over."""
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def slow(address: str, home: Path) -> Iterator[Try]:
    """Requests that never end, and more connections than one visitor needs."""
    begins = {
        "silence": b"",
        "half a line": b"GET /",
        "no end": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
        "half a body": (
            b"POST /_solara/api/close/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
        ),
    }
    lines = {f"{name} {k}": plug(address, timeout=PATIENCE) for name in begins for k in range(10)}
    for name, line in lines.items():
        line.sendall(begins[name.rsplit(" ", 1)[0]])
    begun = time.monotonic()
    while time.monotonic() - begun < 9.0:  # a byte now and then does not help
        for name, line in lines.items():
            if name.startswith("no end"):
                with contextlib.suppress(OSError):
                    line.sendall(b"X: 1\r\n")
        time.sleep(1.0)
    for name, line in lines.items():
        line.settimeout(max(1.0, 20.0 - (time.monotonic() - begun)))
        yield name, ended(line)
        line.close()
    many = []
    for _ in range(800):
        with contextlib.suppress(OSError):
            many.append(plug(address, timeout=5.0))
    yield "eight hundred connections", fetch(address, source=OTHER)[0] == 200
    for line in many:
        line.close()
