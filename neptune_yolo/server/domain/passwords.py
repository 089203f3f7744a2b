"""Secrets and passwords: what is kept of them cannot be turned back.

Passwords are hashed with scrypt (RFC 7914) of the standard library: it needs memory as well as time, comes with every
Python, and is kept up by OpenSSL. The parameters stand in each hash, so that they can be raised later.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

SECRET_BYTES = 32
MIN_PASSWORD_LENGTH = 8

_COST = 2**15
_BLOCK_SIZE = 8
_PARALLELISM = 1
_SALT_BYTES = 16
_HASH_BYTES = 32
_SCHEME = "scrypt"


def new_secret() -> str:
    """Return a new secret of 256 random bits."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_digest(secret: str) -> str:
    """Return the SHA-256 of a secret, in hexadecimal digits.

    A secret of 256 random bits cannot be guessed from it; for passwords, see ``hash_password``.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(password: str) -> str:
    """Return ``scrypt$cost$block size$parallelism$salt$hash`` of a password; takes about a tenth of a second."""
    salt = secrets.token_bytes(_SALT_BYTES)
    derived = _derive(password, salt, _COST, _BLOCK_SIZE, _PARALLELISM)
    parts = (_SCHEME, str(_COST), str(_BLOCK_SIZE), str(_PARALLELISM), _encode(salt), _encode(derived))
    return "$".join(parts)


def password_fits(password: str, password_hash: str | None) -> bool:
    """Return whether a password is the one that was hashed; takes as long if there is no hash.

    Args:
        password: What somebody typed.
        password_hash: Of ``hash_password``; None for a user that is unknown or has no password.
    """
    if password_hash is None:
        _derive(password, bytes(_SALT_BYTES), _COST, _BLOCK_SIZE, _PARALLELISM)
        return False
    try:
        scheme, cost, block_size, parallelism, salt, expected = password_hash.split("$")
        derived = _derive(password, _decode(salt), int(cost), int(block_size), int(parallelism))
        return scheme == _SCHEME and hmac.compare_digest(derived, _decode(expected))
    except (ValueError, binascii.Error):
        return False


def _derive(password: str, salt: bytes, cost: int, block_size: int, parallelism: int) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=cost,
        r=block_size,
        p=parallelism,
        maxmem=256 * cost * block_size,
        dklen=_HASH_BYTES,
    )


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
