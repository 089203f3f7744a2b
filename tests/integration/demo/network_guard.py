"""Put on a Python's path as `sitecustomize.py`: refuses and notes every step towards another machine.

Appends a line to the file that NETWORK_GUARD_LOG names for each name lookup and each connection beyond loopback, in
this process and in each Python that it starts.
"""

import ipaddress
import os
import sys
from pathlib import Path

LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def is_loopback(host: object) -> bool:
    """Say whether a host is this machine, without looking its name up."""
    if isinstance(host, bytes):
        host = host.decode()
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: refuse what leaves this machine."""
    if event in LOOKUPS:
        host = arguments[0]
    elif event in SENDING and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not is_loopback(host):
        with Path(os.environ["NETWORK_GUARD_LOG"]).open("a", encoding="utf-8") as log:
            log.write(f"{event} {host!r}\n")
        raise OSError(f"the network guard refuses {event} to {host!r}")


if "NETWORK_GUARD_LOG" in os.environ:
    sys.addaudithook(refuse_other_machines)
