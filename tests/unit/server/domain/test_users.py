"""What somebody may do in a project follows from its visibility and two roles."""

import pytest

from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.users import ApiToken, Standing, Visibility, WorkspaceRole, require_user_name
from neptune_yolo.server.exceptions import InvalidUserNameError

NO, VIEW, WRITE, OWN = None, Role.VIEWER, Role.CONTRIBUTOR, Role.OWNER
MEMBER, OWNER = WorkspaceRole.MEMBER, WorkspaceRole.OWNER


@pytest.mark.parametrize(
    ("visibility", "own", "workspace", "expected"),
    [
        (Visibility.PRIVATE, NO, None, NO),
        (Visibility.PRIVATE, NO, MEMBER, NO),
        (Visibility.PRIVATE, NO, OWNER, OWN),
        (Visibility.PRIVATE, VIEW, None, VIEW),
        (Visibility.PRIVATE, WRITE, MEMBER, WRITE),
        (Visibility.PRIVATE, VIEW, OWNER, OWN),
        (Visibility.WORKSPACE, NO, None, NO),
        (Visibility.WORKSPACE, NO, MEMBER, WRITE),
        (Visibility.WORKSPACE, VIEW, MEMBER, WRITE),
        (Visibility.WORKSPACE, VIEW, None, VIEW),
        (Visibility.WORKSPACE, OWN, MEMBER, OWN),
        (Visibility.PUBLIC, NO, None, VIEW),
        (Visibility.PUBLIC, NO, MEMBER, VIEW),
        (Visibility.PUBLIC, WRITE, None, WRITE),
        (Visibility.PUBLIC, NO, OWNER, OWN),
        ("unknown", NO, MEMBER, NO),
    ],
)
def test_roles_add_up(
    visibility: str, own: Role | None, workspace: WorkspaceRole | None, expected: Role | None
) -> None:
    assert Standing(visibility, own, workspace).role == expected


def test_tokens_end() -> None:
    assert ApiToken("1", "ann", "", 0).is_valid(10)
    assert ApiToken("1", "ann", "", 0, expires_ms=11).is_valid(10)
    assert not ApiToken("1", "ann", "", 0, expires_ms=10).is_valid(10)
    assert not ApiToken("1", "ann", "", 0, revoked_ms=1).is_valid(10)


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a\n", "x" * 129])
def test_names_of_users_have_a_form(name: str) -> None:
    assert require_user_name("ann@example.com") == "ann@example.com"
    with pytest.raises(InvalidUserNameError):
        require_user_name(name)
