import socket

import pytest

from neptune_yolo.server.exceptions import EmbeddedServerError, PortTakenError
from neptune_yolo.server.listening import listen, listen_on_some_port


def test_a_free_port_lies_below_those_of_outgoing_connections() -> None:
    with listen_on_some_port("127.0.0.1") as one, listen_on_some_port("127.0.0.1") as two:
        ports = one.getsockname()[1], two.getsockname()[1]

    assert ports[0] != ports[1]
    assert all(20_000 <= port < 30_000 for port in ports)


def test_a_port_is_taken_as_soon_as_it_is_chosen_and_free_afterwards() -> None:
    with listen_on_some_port("127.0.0.1") as listener:
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
        with pytest.raises(PortTakenError, match=f"Expected port {port} on 127.0.0.1 to be free"):
            listen("127.0.0.1", port)

    listen("127.0.0.1", port).close()


def test_answers_leave_at_once() -> None:
    """asyncio sets TCP_NODELAY only on connections of a socket that names its protocol."""
    with listen_on_some_port("127.0.0.1") as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(EmbeddedServerError, match="the system refuses it"):
        listen("192.0.2.1", 20_000)
