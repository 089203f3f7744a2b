"""Asks an address whether a certain embedded server answers there."""

import http.client
import json

HEALTH_PATH = "/api/health"
KEEP_QUERY = "keep=1"
"""Query of a health request that counts as activity: whoever asks so is about to use the server."""

_MAX_BODY_BYTES = 65_536


def answers(host: str, port: int, *, instance: str, timeout_seconds: float, keep: bool = False) -> bool:
    """Return whether the server that listens at the address is the one started as `instance`.

    Proxies are never used. A foreign service, or another embedded server, gives False.

    Args:
        host: Name or IPv4 address.
        port: Port number.
        instance: The id that the health answer must repeat.
        timeout_seconds: Time that each step (connect, read) may take.
        keep: Ask the server to count this as activity.
    """
    connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
    try:
        connection.request("GET", f"{HEALTH_PATH}?{KEEP_QUERY}" if keep else HEALTH_PATH)
        response = connection.getresponse()
        body = response.read(_MAX_BODY_BYTES)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        return False
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("instance") == instance
