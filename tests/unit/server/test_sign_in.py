"""Passwords: what is kept of them, and how fast they can be tried."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.passwords import hash_password, password_fits
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services import sign_in
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


def test_wrong_passwords_count_together_wherever_they_are_typed() -> None:
    accounts: Any = _Accounts()
    door = PasswordDoor(accounts, lambda: 0.0)
    for attempt in range(ALLOWED_FAILURES):
        if attempt % 2:
            assert not door.fits("ann", "guess", "1.2.3.4")
        else:
            with pytest.raises(UnauthorizedError, match="wrong"):
                door.sign_in("ann", "guess", "1.2.3.4")
    assert not door.fits("ann", "right", "1.2.3.4")
    with pytest.raises(UnauthorizedError, match="minutes"):
        door.sign_in("ann", "right", "1.2.3.4")
    assert accounts.checked == ALLOWED_FAILURES
    assert door.fits("bob", "right", "1.2.3.4")


def test_a_right_password_lets_earlier_wrong_ones_be_forgotten() -> None:
    accounts: Any = _Accounts()
    door = PasswordDoor(accounts, lambda: 0.0)
    for _ in range(3):
        for _ in range(ALLOWED_FAILURES - 1):
            assert not door.fits("ann", "guess", "1.2.3.4")
        assert door.fits("ann", "right", "1.2.3.4")


def test_as_many_guesses_at_a_time_are_not_more_than_allowed() -> None:
    accounts: Any = _Accounts()
    door = PasswordDoor(accounts, lambda: 0.0)
    with ThreadPoolExecutor(2 * ALLOWED_FAILURES) as pool:
        fits = list(pool.map(lambda _: door.fits("ann", "guess", "1.2.3.4"), range(4 * ALLOWED_FAILURES)))
    assert not any(fits)
    assert accounts.checked == ALLOWED_FAILURES


def test_only_so_many_names_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "REMEMBERED_NAMES", 3)
    accounts: Any = _Accounts()
    door = PasswordDoor(accounts, lambda: 0.0)
    for number in range(10):
        assert not door.fits(f"name {number}", "guess", "1.2.3.4")
    assert len(door._failures) == 3
