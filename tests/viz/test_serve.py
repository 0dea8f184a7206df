"""Serving: a port that cannot be had is told in one line."""

import socket

import pytest

from coercivity.model.errors import InputError
from coercivity.viz.serve import serve


def test_a_taken_port_is_told_before_anything_slow_is_imported() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InputError, match=rf"^port {port} cannot be used \(.+\); choose another with --port, for example --port \d+$"):
            serve(port, open_browser=False)


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(InputError, match=f"port {port} is not a port"):
        serve(port, open_browser=False)


@pytest.mark.parametrize(
    ("host", "message"),
    [("no such host", "host 'no such host' is not an address; use 127.0.0.1"), ("192.0.2.1", "host '192.0.2.1' is not an address of this machine")],
)
def test_a_host_that_is_not_this_machine_is_refused(host: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        serve(0, open_browser=False, host=host)
    assert str(error.value).startswith(message)
