"""The API token: base64 of a JSON object with the server's address and a secret."""

import base64
import binascii
import json


def make_api_token(url: str, secret: str) -> str:
    """Return what a client needs as ``NEPTUNE_API_TOKEN``.

    Args:
        url: Address of the server, without a slash at the end.
        secret: What tells this user from others.
    """
    content = {"api_address": url, "api_url": url, "api_key": secret}
    return base64.b64encode(json.dumps(content).encode()).decode()


def secret_in(api_token: str) -> str:
    """Return the secret inside an API token, or an empty text if it has none."""
    try:
        content = json.loads(base64.b64decode(api_token.strip(), validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    secret = content.get("api_key") if isinstance(content, dict) else None
    return secret if isinstance(secret, str) and secret.isascii() else ""
