"""Projects, members, users and tokens over the read API, as the pages ask for them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility, WorkspaceRole
from neptune_yolo.server.services.clock import system_clock
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.services.sign_in import ALLOWED_FAILURES
from tests.integration.team.conftest import as_client, quiet, team, team_settings

__all__ = ["as_client", "quiet", "team", "team_settings"]

DAY_MS = 24 * 3600 * 1000
As = Callable[..., httpx.Client]


@pytest.fixture
def api(team: Any) -> As:
    """Make clients of the read API for users."""

    def client(name: str, token: str | None = None) -> httpx.Client:
        headers = {"X-Neptune-Api-Token": token or team.tokens[name]}
        base = f"{team.url}/api/v1"
        http: httpx.Client = team.open_clients.enter_context(httpx.Client(base_url=base, timeout=30, headers=headers))
        return http

    return client


def _say(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["message"])


def _make(team: Any, name: str, **details: Any) -> None:
    team.as_admin.projects.create(NewProject(ProjectName("team", name), **details))


def test_projects_with_runs_and_those_that_changed_last_first(
    team: Any, api: As, as_client: Callable[[str], None], quiet: dict[str, Any]
) -> None:
    import neptune

    team.add("carl")
    team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
    for name in ("one", "two", "three"):
        _make(team, name, description=f"About {name.upper()}")
    as_client("carl")
    runs = [neptune.init_run(project="team/two", **quiet) for _ in range(2)]
    for run in runs:
        run["x"] = 1
        run.wait()
    runs[0].stop()
    http = api("carl")
    page = http.get("/projects").json()
    assert (page["total"], page["projects"][0]["name"]) == (3, "two")
    two = page["projects"][0]
    assert (two["run_count"], two["running_count"], two["role"], two["key"]) == (2, 2, "contributor", "TWO")
    assert two["modified_ms"] >= two["created_ms"]
    assert http.get("/projects/team/two").json() == two
    http.post("/projects/team/two/runs/trash", json={"runs": ["TWO-1"]})
    assert http.get("/projects/team/two").json()["run_count"] == 1
    runs[1].stop()


def test_projects_are_searched_and_paged(team: Any, api: As) -> None:
    for name in ("traffic", "Traffic lights", "parking"):
        _make(team, name, description="at the Ampel" if name == "parking" else None)
    http = api("root")

    def names(**params: Any) -> list[str]:
        return sorted(project["name"] for project in http.get("/projects", params=params).json()["projects"])

    assert names(search="TRAFFIC") == ["Traffic lights", "traffic"]
    assert names(search="ampel") == ["parking"]
    assert names(search="nothing") == []
    assert names(workspace="team", search="team/") == ["Traffic lights", "parking", "traffic"]
    assert names(workspace="elsewhere") == []
    pages = [names(limit=1, offset=offset) for offset in range(4)]
    assert sorted(name for page in pages for name in page) == names()
    assert pages[3] == []
    assert "limit" in _say(http.get("/projects", params={"limit": 0}), 400)


def test_a_project_is_made_and_changed(team: Any, api: As) -> None:
    for name in ("carl", "vera"):
        team.add(name)
    team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
    carl = api("carl")
    made = carl.post("/projects", json={"workspace": "team", "name": "new", "visibility": "priv"}).json()
    assert (made["role"], made["visibility"], made["description"], made["run_count"]) == ("owner", "priv", "", 0)
    assert "a/b" in _say(carl.post("/projects", json={"workspace": "team", "name": "a/b"}), 400)
    assert "new" in _say(carl.post("/projects", json={"workspace": "team", "name": "new"}), 400)
    assert api("vera").get("/projects/team/new").status_code == 404
    change = carl.patch("/projects/team/new", json={"visibility": "pub", "description": " For all. "})
    assert (change.json()["visibility"], change.json()["description"]) == ("pub", "For all.")
    assert carl.patch("/projects/team/new", json={}).json() == change.json()
    assert api("vera").get("/projects/team/new").json()["role"] == "viewer"
    assert api("vera").patch("/projects/team/new", json={"description": "mine"}).status_code == 403
    assert carl.patch("/projects/team/new", json={"description": ""}).json()["description"] == ""
    assert _say(carl.patch("/projects/team/new", json={"visibility": "x"}), 400)
    workspaces = carl.get("/workspaces").json()["workspaces"]
    assert workspaces == [{"name": "team", "role": "member"}]
    assert api("vera").get("/workspaces").json()["workspaces"] == [{"name": "team", "role": None}]


def test_members_of_a_project(team: Any, api: As) -> None:
    for name in ("olga", "sam"):
        team.add(name)
    team.users.join_workspace("olga", "team", WorkspaceRole.OWNER)
    _make(team, "secret", visibility=Visibility.PRIVATE)
    olga = api("olga")

    def roles() -> dict[str, tuple[str, str | None]]:
        members = olga.get("/projects/team/secret/members").json()["members"]
        return {member["user"]: (member["role"], member["own_role"]) for member in members}

    assert roles() == {"olga": ("owner", None), "root": ("owner", "owner")}
    for role in ("viewer", "contributor", "owner"):
        assert olga.put("/projects/team/secret/members/sam", json={"role": role}).status_code == 200
        assert roles()["sam"] == (role, role)
        assert api("sam").get("/projects/team/secret").json()["role"] == role
    assert olga.delete("/projects/team/secret/members/sam").status_code == 200
    assert api("sam").get("/projects/team/secret").status_code == 404
    assert "by its workspace" in _say(olga.delete("/projects/team/secret/members/olga"), 422)
    assert "nobody" in _say(olga.put("/projects/team/secret/members/nobody", json={"role": "viewer"}), 422)
    assert _say(olga.put("/projects/team/secret/members/sam", json={"role": "king"}), 400)


def test_members_of_a_workspace(team: Any, api: As) -> None:
    for name in ("olga", "carl"):
        team.add(name)
    team.users.join_workspace("olga", "team", WorkspaceRole.OWNER)
    olga = api("olga")
    assert olga.put("/workspaces/team/members/carl", json={"role": "member"}).status_code == 200
    members = api("carl").get("/workspaces/team/members").json()["members"]
    assert [(member["user"], member["role"]) for member in members] == [("carl", "member"), ("olga", "owner")]
    assert api("carl").put("/workspaces/team/members/carl", json={"role": "owner"}).status_code == 403
    assert olga.delete("/workspaces/team/members/carl").status_code == 200
    assert "carl" in _say(olga.delete("/workspaces/team/members/carl"), 422)
    assert "nobody" in _say(olga.put("/workspaces/team/members/nobody", json={"role": "member"}), 422)


def test_a_token_is_shown_once_and_ends_when_it_is_revoked(team: Any, api: As) -> None:
    for name in ("carl", "sam"):
        team.add(name)
    carl = api("carl")
    made = carl.post("/tokens", json={"label": " laptop ", "expires_ms": system_clock() + DAY_MS}).json()
    secret, token = made["api_token"], made["token"]
    assert (token["label"], token["used_ms"], token["is_own"]) == ("laptop", None, False)
    listed = carl.get("/tokens")
    assert token in listed.json()["tokens"]
    assert secret not in listed.text
    assert team.exchange(secret).status_code == 200
    other = api("carl", secret)
    assert [entry["id"] for entry in other.get("/tokens").json()["tokens"] if entry["is_own"]] == [token["id"]]
    assert api("sam").delete(f"/tokens/{token['id']}").status_code == 404
    assert carl.delete(f"/tokens/{token['id']}").status_code == 200
    assert other.get("/session").status_code == 401
    assert token["id"] not in carl.get("/tokens").text


def test_a_token_that_ends_makes_none_that_outlives_it(team: Any, api: As) -> None:
    team.add("carl", days=1)
    carl = api("carl")
    for expires_ms in (None, system_clock() + 2 * DAY_MS):
        assert "ends no later" in _say(carl.post("/tokens", json={"label": "long", "expires_ms": expires_ms}), 403)
    assert carl.post("/tokens", json={"label": "short", "expires_ms": system_clock() + 1000}).status_code == 200


@pytest.mark.parametrize(
    "body", [{"label": ""}, {"label": "  "}, {"label": "a\nb"}, {"label": "x" * 256}, {"label": "old", "expires_ms": 1}]
)
def test_what_no_token_can_be(api: As, body: dict[str, Any]) -> None:
    assert _say(api("root").post("/tokens", json=body), 400)


def test_a_password_is_changed_by_whoever_knows_it(team: Any, api: As) -> None:
    team.add("carl")
    team.users.set_password("carl", "the first password")
    carl = api("carl")

    def change(current: str, new: str) -> httpx.Response:
        return carl.put("/password", json={"current": current, "new": new})

    assert "current password" in _say(change("a guess", "the next password"), 403)
    assert "8 characters" in _say(change("the first password", "short"), 400)
    with httpx.Client(base_url=team.url) as browser:
        browser.post("/sign-in", data={"name": "carl", "password": "the first password"})
        assert browser.get("/api/v1/session").json()["user"] == "carl"
        assert change("the first password", "the next password").status_code == 200
        assert browser.get("/api/v1/session").status_code == 401
    for _ in range(11):
        refused = change("a guess", "the next password")
    assert refused.status_code == 403
    assert change("the next password", "yet another one").status_code == 403, "too many wrong ones before"


def test_wrong_passwords_of_the_form_and_of_the_account_page_count_together(team: Any, api: As) -> None:
    team.add("carl")
    team.users.set_password("carl", "the first password")
    carl = api("carl")

    def sign_in(password: str) -> httpx.Response:
        return httpx.post(f"{team.url}/sign-in", data={"name": "carl", "password": password})

    def change(current: str) -> int:
        return carl.put("/password", json={"current": current, "new": "the next password"}).status_code

    for _ in range(ALLOWED_FAILURES // 2):
        assert (sign_in("a guess").status_code, change("a guess")) == (401, 403)
    assert "wrong passwords in 5 minutes" in sign_in("the first password").text
    assert change("the first password") == 403


def test_a_project_is_deleted_by_its_owner_with_all_that_is_in_it(
    team: Any, api: As, as_client: Callable[[str], None], quiet: dict[str, Any]
) -> None:
    import neptune

    for name in ("carl", "vera"):
        team.add(name)
    team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
    carl, vera = api("carl"), api("vera")
    carl.post("/projects", json={"workspace": "team", "name": "old", "key": "OLD"})
    carl.put("/projects/team/old/members/vera", json={"role": "viewer"})
    as_client("carl")
    with neptune.init_run(project="team/old", **quiet) as run:
        run["file"].upload(neptune.types.File.from_content("text"))
    assert "owner" in _say(vera.delete("/projects/team/old"), 403)
    assert vera.get("/projects/team/old").json()["run_count"] == 1
    assert carl.delete("/projects/team/old").status_code == 200
    for http in (carl, vera):
        assert _say(http.get("/projects/team/old"), 404)
        assert _say(http.delete("/projects/team/old"), 404)
    made = carl.post("/projects", json={"workspace": "team", "name": "old", "key": "OLD"}).json()
    assert (made["run_count"], made["role"]) == (0, "owner")
    assert not [path for path in team.settings.file_root.rglob("*") if path.is_file() and path.stat().st_size == 4]


def test_users_are_made_locked_out_and_raised_by_administrators(team: Any, api: As) -> None:
    root = api("root")
    made = root.post("/users", json={"name": "new", "password": "the first password"}).json()
    assert (made["is_admin"], made["is_active"], made["has_password"]) == (False, True, True)
    assert "taken" in _say(root.post("/users", json={"name": "new"}), 409)
    assert _say(root.post("/users", json={"name": "a b"}), 400)
    assert _say(root.post("/users", json={"name": "other", "password": "short"}), 400)
    new = api("new", team.add_token("new"))
    assert "administrator" in _say(new.get("/users"), 403)
    assert root.patch("/users/new", json={"is_admin": True}).json()["is_admin"]
    assert [user["name"] for user in new.get("/users").json()["users"]] == ["new", "root"]
    assert new.patch("/users/root", json={"is_admin": False}).status_code == 200
    assert root.get("/users").status_code == 403
    assert "lock themselves out" in _say(new.patch("/users/new", json={"is_active": False}), 422)
    assert new.patch("/users/root", json={"is_active": False}).json()["is_active"] is False
    assert root.get("/session").status_code == 401
    assert _say(new.patch("/users/nobody", json={"is_active": False}), 404)
    assert _say(new.patch("/users/nobody", json={"password": "a new password"}), 404)


def test_the_embedded_server_has_one_user_and_says_so(service: Any) -> None:
    headers = {"X-Neptune-Api-Token": service.token}
    with httpx.Client(base_url=f"{service.url}/api/v1", headers=headers) as http:
        assert http.get("/session").json()["is_embedded"]
        assert http.get("/tokens").json() == {"tokens": []}
        for answer in (
            http.post("/tokens", json={"label": "x"}),
            http.post("/users", json={"name": "x"}),
            http.put("/password", json={"current": "x", "new": "a new password"}),
        ):
            assert "neptune-yolo env" in _say(answer, 422)
        assert http.get("/projects").json() == {"total": 0, "projects": []}
        assert http.get("/workspaces").json()["workspaces"] == [{"name": "local", "role": "owner"}]
