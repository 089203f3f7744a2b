"""``neptune.management`` of the real client."""

from collections.abc import Callable
from typing import Any

import pytest
from neptune import management
from neptune.exceptions import (
    ClientHttpError,
    Forbidden,
    ProjectNotFoundWithSuggestions,
    Unauthorized,
)
from neptune.management.exceptions import (
    AccessRevokedOnDeletion,
    AccessRevokedOnMemberRemoval,
    ProjectAlreadyExists,
    ProjectKeyCollision,
    ProjectKeyInvalid,
    ProjectNameInvalid,
    ProjectNotFound,
    ServiceAccountAlreadyHasAccess,
    ServiceAccountNotExistsOrWithoutAccess,
    ServiceAccountNotFound,
    UserAlreadyHasAccess,
    UserAlreadyInvited,
    UserNotExistsOrWithoutAccess,
    WorkspaceNotFound,
    WorkspaceOrUserNotFound,
)
from PIL import Image

from neptune_yolo.server.domain.users import WorkspaceRole
from neptune_yolo.server.services.users import NewUser
from tests.integration.protocol.public_api.covering import covers

SignIn = Callable[[str], None]


@pytest.fixture(autouse=True)
def people(team: Any) -> None:
    for name, role in (("ann", WorkspaceRole.OWNER), ("bob", WorkspaceRole.MEMBER), ("eve", None)):
        team.add(name)
        if role is not None:
            team.users.join_workspace(name, "team", role)


@covers("management.create_project", "management.get_project_list", "management.delete_project")
def test_projects_are_created_listed_and_deleted(as_client: SignIn) -> None:
    as_client("ann")
    assert management.create_project("team/one", key="ONE", visibility="priv", description="First") == "team/one"
    assert management.create_project("two", workspace="team", visibility="workspace") == "team/two"
    assert management.create_project("team/three", visibility="pub") == "team/three"
    for expected, name, options in (
        (ProjectAlreadyExists, "team/one", {"key": "NEW"}),
        (ProjectKeyCollision, "team/four", {"key": "ONE"}),
        (ProjectKeyInvalid, "team/four", {"key": "no key"}),
        (ProjectNameInvalid, "team/ four", {}),
        (WorkspaceNotFound, "other/four", {}),
    ):
        with pytest.raises(expected):
            management.create_project(name, **options)
    assert management.get_project_list() == ["team/one", "team/three", "team/two"]
    as_client("bob")
    assert management.get_project_list() == ["team/three", "team/two"]
    as_client("eve")
    assert management.get_project_list() == ["team/three"]
    with pytest.raises(ProjectNotFound):
        management.delete_project("team/one")
    with pytest.raises(AccessRevokedOnDeletion):
        management.delete_project("team/three")
    as_client("ann")
    management.delete_project("team/three")
    with pytest.raises(ProjectNotFound):
        management.delete_project("team/three")
    assert management.get_project_list() == ["team/one", "team/two"]


@covers("management.get_workspace_status")
def test_a_deleted_project_frees_its_files(team: Any, as_client: SignIn, quiet: dict[str, Any]) -> None:
    import neptune
    from neptune.types import File

    as_client("ann")
    management.create_project("team/one", key="ONE")
    with neptune.init_run(project="team/one", **quiet) as run:
        run["file"].upload(File.from_content("some text"))
        run["pictures"].append(File.as_image(Image.new("RGB", (2, 2))))
    assert len(list(team.as_admin.files.blobs.list_all())) == 2
    status = management.get_workspace_status("team")
    assert (status["membersCount"], status["activeProjectsUsage"]) == (2, 1)
    assert len("some text") < status["storageBytesUsed"] < 1000
    management.delete_project("team/one")
    assert list(team.as_admin.files.blobs.list_all()) == []
    with pytest.raises(WorkspaceNotFound):
        management.get_workspace_status("nowhere")


@covers("management.add_project_member", "management.get_project_member_list", "management.remove_project_member")
def test_members_come_and_go(as_client: SignIn) -> None:
    as_client("ann")
    management.create_project("team/one")
    assert management.get_project_member_list("team/one") == {"ann": "owner"}
    management.add_project_member("team/one", "eve", "viewer")
    with pytest.raises(UserAlreadyHasAccess, match="viewer"):
        management.add_project_member("team/one", "eve", "viewer")
    with pytest.raises(ClientHttpError, match="nobody"):
        management.add_project_member("team/one", "nobody", "viewer")
    assert management.get_project_member_list("team/one") == {"ann": "owner", "eve": "viewer"}
    as_client("eve")
    assert management.get_project_list() == ["team/one"]
    with pytest.raises(AccessRevokedOnMemberRemoval):
        management.remove_project_member("team/one", "ann")
    with pytest.raises(Forbidden):
        management.add_project_member("team/one", "bob", "viewer")
    as_client("ann")
    management.remove_project_member("team/one", "eve")
    with pytest.raises(UserNotExistsOrWithoutAccess):
        management.remove_project_member("team/one", "eve")
    as_client("eve")
    for call in (
        lambda: management.get_project_member_list("team/one"),
        lambda: management.add_project_member("team/one", "bob", "owner"),
        lambda: management.remove_project_member("team/one", "ann"),
        lambda: management.get_project_service_account_list("team/one"),
    ):
        with pytest.raises(ProjectNotFound):
            call()


@covers("management.get_workspace_service_account_list", "management.get_project_service_account_list")
@covers("management.add_project_service_account", "management.remove_project_service_account")
@covers("management.get_workspace_member_list")
def test_service_accounts_come_and_go(team: Any, as_client: SignIn) -> None:
    team.users.add(NewUser("ci@team", is_service_account=True))
    team.users.join_workspace("ci@team", "team", WorkspaceRole.MEMBER)
    as_client("ann")
    management.create_project("team/one")
    assert management.get_workspace_service_account_list("team") == {"ci@team": "member"}
    assert management.get_workspace_member_list("team") == {"ann": "admin", "bob": "member"}
    management.add_project_service_account("team/one", "ci@team", "contributor")
    assert management.get_project_service_account_list("team/one") == {"ci@team": "contributor"}
    assert management.get_project_member_list("team/one") == {"ann": "owner"}
    with pytest.raises(ServiceAccountAlreadyHasAccess):
        management.add_project_service_account("team/one", "ci@team", "contributor")
    management.remove_project_service_account("team/one", "ci@team")
    with pytest.raises(ServiceAccountNotExistsOrWithoutAccess):
        management.remove_project_service_account("team/one", "ci@team")
    with pytest.raises(ServiceAccountNotFound):
        management.add_project_service_account("team/one", "nobody", "viewer")
    team.users.set_active("ci@team", is_active=False)
    assert management.get_workspace_service_account_list("team") == {}
    for function in (management.get_workspace_member_list, management.get_workspace_service_account_list):
        with pytest.raises(WorkspaceNotFound):
            function("nowhere")


@covers("management.invite_to_workspace")
def test_invitations_wait_for_their_user(team: Any, as_client: SignIn) -> None:
    as_client("ann")
    management.create_project("team/one")
    management.invite_to_workspace(username="eve", workspace="team", add_to_all_projects=True)
    assert management.get_workspace_member_list("team") == {"ann": "admin", "bob": "member", "eve": "member"}
    assert management.get_project_member_list("team/one") == {"ann": "owner", "eve": "contributor"}
    with pytest.raises(UserAlreadyInvited):
        management.invite_to_workspace(username="eve", workspace="team")
    management.invite_to_workspace(email="new@example.com", workspace="team", role="admin")
    with pytest.raises(UserAlreadyInvited):
        management.invite_to_workspace(email="new@example.com", workspace="team")
    with pytest.raises(WorkspaceOrUserNotFound):
        management.invite_to_workspace(username="eve", workspace="nowhere")
    team.users.add(NewUser("new@example.com"))
    assert management.get_workspace_member_list("team")["new@example.com"] == "admin"
    as_client("bob")
    with pytest.raises(Forbidden):
        management.invite_to_workspace(username="root", workspace="team")


def test_only_administrators_make_workspaces(team: Any) -> None:
    body = {"name": "one", "organizationId": "new", "visibility": "priv"}
    assert team.http("ann").post("/api/backend/v1/projects2", json=body).status_code == 404
    assert team.http("root").post("/api/backend/v1/projects2", json=body).status_code == 200
    assert team.http("root").get("/api/backend/v1/organizations2/members?organizationIdentifier=new").json() == [
        {"role": "owner", "registeredMemberInfo": {"username": "root"}}
    ]


def test_runs_need_a_role_and_say_so(team: Any, as_client: SignIn, quiet: dict[str, Any]) -> None:
    import neptune

    as_client("ann")
    management.create_project("team/one", key="ONE")
    management.add_project_member("team/one", "eve", "viewer")
    with neptune.init_run(project="one", **quiet) as run:
        run["value"] = 1
    as_client("eve")
    with neptune.init_run(project="team/one", with_id="ONE-1", mode="read-only") as seen:
        assert seen["value"].fetch() == 1
        assert seen["sys/owner"].fetch() == "ann"
    with pytest.raises(Forbidden):
        neptune.init_run(project="team/one", **quiet)
    as_client("bob")
    for name in ("team/one", "one", "team/never", "nowhere/one"):
        with pytest.raises(ProjectNotFoundWithSuggestions):
            neptune.init_run(project=name, **quiet)
    team.users.revoke_token(team.token_ids["eve"])
    as_client("eve")
    with pytest.raises(Unauthorized):
        neptune.init_run(project="team/one", **quiet)


def test_projects_are_found_by_name_and_id(team: Any, as_client: SignIn) -> None:
    import neptune

    as_client("ann")
    for number in range(7):
        management.create_project(f"team/a detection {number}")
    management.create_project("team/detection")
    project_id = team.as_admin.projects.get_or_create("team/detection").id
    for address in ("detection", "team/detection", project_id, f"team/{project_id}"):
        with neptune.init_project(project=address, mode="read-only") as project:
            assert project["sys/name"].fetch() == "detection"
