"""Sign in with a password, at a pace that does not help those who guess."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.exceptions import UnauthorizedError
from neptune_yolo.server.services.accounts import AccountService

ALLOWED_FAILURES = 10
"""Wrong passwords for one name from one address, within the window; further attempts are refused unchecked."""

WINDOW_SECONDS = 300.0
REMEMBERED_NAMES = 10_000
"""Names and addresses with failures that are remembered; the oldest are forgotten first."""

HASHES_AT_A_TIME = 2
"""Each takes 32 MiB of memory and a tenth of a second of one processor."""


class PasswordDoor:
    """Checks passwords one by one, and refuses those who were wrong too often. One server process has one.

    Args:
        accounts: Knows users and passwords.
        clock: Gives seconds; its zero does not matter.
    """

    def __init__(self, accounts: AccountService, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._clock = clock
        self._lock = threading.Lock()
        self._hashing = threading.BoundedSemaphore(HASHES_AT_A_TIME)
        self._failures: dict[tuple[str, str], deque[float]] = {}

    def sign_in(self, name: str, password: str, address: str) -> Caller:
        """Return the user of a name and password.

        Args:
            name: What somebody typed.
            password: What somebody typed.
            address: Where the request comes from.

        Raises:
            UnauthorizedError: If they do not belong together, or there were too many wrong ones before.
        """
        key = (name[:200], address)
        with self._counted(key), self._hashing:
            return self._accounts.check_password(name, password)

    def fits(self, name: str, password: str, address: str) -> bool:
        """Return whether a password is that of a user; False as well after too many wrong ones, see ``sign_in``."""
        try:
            self.sign_in(name, password, address)
        except UnauthorizedError:
            return False
        return True

    @contextmanager
    def _counted(self, key: tuple[str, str]) -> Iterator[None]:
        """Count an attempt as failed before it is made, so that many at a time are not more than allowed."""
        now = self._clock()
        with self._lock:
            failures = self._failures.setdefault(key, deque())
            while failures and failures[0] < now - WINDOW_SECONDS:
                failures.popleft()
            if len(failures) >= ALLOWED_FAILURES:
                raise UnauthorizedError(
                    f"Expected fewer than {ALLOWED_FAILURES} wrong passwords in {WINDOW_SECONDS / 60:g} minutes, got "
                    "more. Wait some minutes, then try again."
                )
            failures.append(now)
            while len(self._failures) > REMEMBERED_NAMES:
                del self._failures[next(iter(self._failures))]
        yield
        with self._lock:
            self._failures.pop(key, None)
