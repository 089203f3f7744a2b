"""Users of the server; for administrators."""

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.domain.users import User
from neptune_yolo.server.services.own_account import UserChange
from neptune_yolo.server.services.users import NewUser


class UserPath(Record, frozen=True, kw_only=True):
    """Names a user."""

    user: str


class UserView(Record, frozen=True, kw_only=True):
    """A user: a service account is a program's; ``created_ms`` is in milliseconds since 1970 (UTC)."""

    name: str
    is_admin: bool
    is_active: bool
    is_service_account: bool
    has_password: bool
    created_ms: int


class UserList(Record, frozen=True, kw_only=True):
    """Users, by name."""

    users: list[UserView]


class UserWanted(Record, frozen=True, kw_only=True):
    """A user to be made; without a password, such a user has API tokens only."""

    name: str
    password: str | None = None
    is_admin: bool = False
    is_service_account: bool = False


class UserUpdate(Record, frozen=True, kw_only=True):
    """What is to be another; null leaves it as it is."""

    is_active: bool | None = None
    is_admin: bool | None = None
    password: str | None = None


def list_users(asked: Asked) -> UserList:
    """Return all users."""
    return UserList(users=[_view(user, has_password) for user, has_password in asked.services.account.list_users()])


def create_user(asked: Asked, body: UserWanted) -> UserView:
    """Make a user."""
    new = NewUser(body.name, body.is_admin, body.is_service_account)
    return _view(asked.services.account.add_user(new, body.password), body.password is not None)


def change_user(asked: Asked, where: UserPath, body: UserUpdate) -> UserView:
    """Let a user sign in or not, make one an administrator or not, or give a new password."""
    change = UserChange(body.is_active, body.is_admin, body.password)
    user = asked.services.account.change_user(where.user, change)
    known = dict(asked.services.account.list_users())
    return _view(user, known.get(user, False))


def _view(user: User, has_password: bool) -> UserView:  # noqa: FBT001 - one of two facts about the user
    return UserView(
        name=user.name,
        is_admin=user.is_admin,
        is_active=user.is_active,
        is_service_account=user.is_service_account,
        has_password=has_password,
        created_ms=user.created_ms,
    )


USER_OPERATIONS = (
    Operation("GET", "/users", list_users, "users"),
    Operation("POST", "/users", create_user, "users"),
    Operation("PATCH", "/users/{user}", change_user, "users"),
)
