"""Passwords: what is kept of them, and how fast they can be tried."""

from typing import Any

import pytest

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.passwords import hash_password, password_fits
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services.sign_in import ALLOWED_FAILURES, WINDOW_SECONDS, PasswordDoor


class _Accounts:
    def __init__(self) -> None:
        self.checked = 0

    def check_password(self, name: str, password: str) -> Caller:
        self.checked += 1
        if password != "right":
            raise UnauthorizedError("wrong")
        return Caller(name)


def test_a_hash_fits_its_password_only() -> None:
    kept = hash_password("correct horse")
    assert password_fits("correct horse", kept)
    assert not password_fits("correct horsf", kept)
    assert "correct" not in kept
    assert hash_password("correct horse") != kept
    for damaged in (None, "", "scrypt$1$2", "scrypt$a$b$c$d$e", kept.replace("scrypt", "plain")):
        assert not password_fits("correct horse", damaged)


def test_who_is_wrong_too_often_waits() -> None:
    now = [0.0]
    accounts: Any = _Accounts()
    door = PasswordDoor(accounts, lambda: now[0])
    for _ in range(ALLOWED_FAILURES):
        with pytest.raises(UnauthorizedError, match="wrong"):
            door.sign_in("ann", "guess", "1.2.3.4")
    with pytest.raises(UnauthorizedError, match="minutes"):
        door.sign_in("ann", "right", "1.2.3.4")
    assert accounts.checked == ALLOWED_FAILURES
    assert door.sign_in("ann", "right", "5.6.7.8") == Caller("ann")
    now[0] = WINDOW_SECONDS + 1
    assert door.sign_in("ann", "right", "1.2.3.4") == Caller("ann")
