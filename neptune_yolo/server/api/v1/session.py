"""Who looks at the dashboard, and at what server."""

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.version import package_version


class SessionView(Record, frozen=True, kw_only=True):
    """Who asks, and what the server is: ``is_embedded`` says that it has one user and no sign-in."""

    user: str
    is_admin: bool
    is_embedded: bool
    default_workspace: str
    version: str


def get_session(asked: Asked) -> SessionView:
    """Return who asks, and what the server is."""
    settings = asked.services.limits
    return SessionView(
        user=asked.caller.user_name,
        is_admin=asked.caller.is_admin,
        is_embedded=settings.api_secret is not None,
        default_workspace=settings.default_workspace,
        version=package_version(),
    )


SESSION_OPERATIONS = (Operation("GET", "/session", get_session, "session"),)
