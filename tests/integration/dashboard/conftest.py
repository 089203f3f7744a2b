"""The server in this process for tests of the read API: that of the protocol's tests."""

from tests.integration.protocol.conftest import bearer, execute, idle_after_seconds, init_run, run_id, service

__all__ = ["bearer", "execute", "idle_after_seconds", "init_run", "run_id", "service"]
