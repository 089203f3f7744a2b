"""Who may ask the read API for what: every operation, and every way to say who one is."""

import base64
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from neptune_yolo.server.api.routes import all_endpoints
from neptune_yolo.server.api.v1.operations import OPERATIONS
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility, WorkspaceRole
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.settings import ServerSettings
from tests.integration.dashboard.v1_table import EMPTY_ARTIFACT, Ask, Need, Place, asks
from tests.integration.team.conftest import team, team_settings

__all__ = ["team", "team_settings"]

BY_NAME = {operation.name: operation for operation in OPERATIONS}
PEOPLE = {"vera": Need.VIEWER, "carl": Need.CONTRIBUTOR, "olga": Need.OWNER, "root": Need.ADMIN}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def place(team: Any) -> Place:
    """A private project with one thing of each kind, and people in every role."""
    for name in ("vera", "carl", "olga", "sam"):
        team.add(name)
    project = team.as_admin.projects.create(NewProject(ProjectName("team", "secret"), "SEC", Visibility.PRIVATE))
    team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
    team.users.join_workspace("olga", "team", WorkspaceRole.OWNER)
    team.as_admin.members.add_project_member("team/secret", "vera", Role.VIEWER)
    team.as_admin.members.add_project_member("team/secret", "carl", Role.CONTRIBUTOR)
    spare_token, _ = team.users.create_token("root", "spare")
    _furnish(team.http("olga"), team.settings, project.id)
    return Place("team", "secret", "SEC-1", "SEC-2", "SEC-MOD", "SEC-MOD-1", spare_token.id)


def _furnish(http: httpx.Client, settings: ServerSettings, project_id: str) -> None:
    send = partial(_send, http, settings)

    def create(parent_id: str, kind: str, **details: str) -> str:
        new = {"projectIdentifier": project_id, "parentId": parent_id, "type": kind, **details}
        return str(send("createExperiment", {}, new)["id"])

    run, _ = (create(project_id, "run") for _ in range(2))
    create(create(project_id, "model", key="MOD"), "modelVersion")
    artifact = {"projectIdentifier": project_id, "hash": EMPTY_ARTIFACT, "parentIdentifier": run}
    place = {"experimentIdentifier": run, "ext": "txt"}
    send("createNewArtifact", {**artifact, "size": 0})
    send("uploadArtifactFilesMetadata", artifact, {"files": []})
    send("fileAtomUpload", {**place, "attribute": "file"})
    send("fileSetFileUpload", {**place, "attribute": "set", "subPath": "a.txt"})
    assert send("executeOperations", {"experimentId": run}, _values()) == []


def _send(
    http: httpx.Client, settings: ServerSettings, operation: str, params: dict[str, Any], body: Any = None
) -> Any:
    endpoint = next(endpoint for endpoint in all_endpoints(settings) if endpoint.operation_id == operation)
    content = {"content": b"text" if "Upload" in operation else b""} if body is None else {"json": body}
    answer = http.request(endpoint.method, endpoint.full_path, params=params, **content)
    assert answer.status_code == 200, (operation, answer.text)
    return answer.json()


def _values() -> list[dict[str, Any]]:
    point = {"timestampMilliseconds": 1, "step": 1}
    picture = {"name": None, "description": None, "data": base64.b64encode(PNG).decode()}
    return [
        {"path": "float", "assignFloat": {"value": 1.0}},
        {"path": "string", "assignString": {"value": "x"}},
        {"path": "artifact", "assignArtifact": {"hash": EMPTY_ARTIFACT}},
        {"path": "floats", "logFloats": {"entries": [{**point, "value": 1.0}]}},
        {"path": "strings", "logStrings": {"entries": [{**point, "value": "x"}]}},
        {"path": "images", "logImages": {"entries": [{**point, "value": picture}]}},
    ]


def _call(http: httpx.Client, name: str, ask: Ask, place: Place) -> httpx.Response:
    """Send a request, and return the answer; of one that has no end, its beginning."""
    operation = BY_NAME[name]
    path = operation.full_path.format(**vars(place))
    body = {} if ask.json is None else {"json": ask.json}
    with http.stream(operation.method, path, params=dict(ask.params), **body) as answer:
        if operation.media_type != "text/event-stream" or answer.is_error:
            answer.read()
    return answer


def _statuses(http: httpx.Client, place: Place) -> dict[str, int]:
    return {name: _call(http, name, ask, place).status_code for name, ask in asks(place).items()}


def _expected(place: Place, held: Need) -> dict[str, int]:
    return {name: ask.status if ask.need <= held else ask.refused for name, ask in asks(place).items()}


@pytest.fixture
def by_token(team: Any) -> Any:
    """Make clients that say who they are by their API token."""

    def client(name: str) -> httpx.Client:
        headers = {"X-Neptune-Api-Token": team.tokens[name]}
        http: httpx.Client = team.open_clients.enter_context(
            httpx.Client(base_url=team.url, timeout=30, headers=headers)
        )
        return http

    return client


@pytest.fixture
def visitor(team: Any) -> Iterator[httpx.Client]:
    """A browser of nobody yet."""
    with httpx.Client(base_url=team.url, timeout=30) as http:
        yield http


def test_every_operation_is_in_the_table() -> None:
    assert sorted(asks(Place())) == sorted(BY_NAME)
    assert len(BY_NAME) == len(OPERATIONS)


def test_nobody_gets_in(place: Place, visitor: httpx.Client) -> None:
    assert _statuses(visitor, place) == dict.fromkeys(asks(place), 401)


def test_wrong_and_revoked_credentials_are_nobodys(team: Any, place: Place, by_token: Any) -> None:
    revoked, disabled, bearer = by_token("olga"), by_token("sam"), team.http("olga")
    team.users.revoke_token(team.token_ids["olga"])
    team.users.set_active("sam", is_active=False)
    cookie = httpx.Client(base_url=team.url, headers={"Cookie": "neptune_yolo_0=x"})
    wrong = httpx.Client(base_url=team.url, headers={"X-Neptune-Api-Token": "e30="})
    with cookie, wrong:
        for http in (revoked, disabled, bearer, cookie, wrong):
            assert _call(http, "list_projects", Ask(Need.SIGNED_IN), place).status_code == 401


def test_a_stranger_is_told_nothing(place: Place, by_token: Any) -> None:
    stranger, elsewhere = by_token("sam"), Place()
    made_up = asks(elsewhere)
    for name, ask in asks(place).items():
        answer, other = _call(stranger, name, ask, place), _call(stranger, name, made_up[name], elsewhere)
        assert (name, answer.status_code) == (name, ask.status if ask.need is Need.SIGNED_IN else ask.hidden)
        if ask.need is not Need.SIGNED_IN:
            assert place.hide(answer.text) == elsewhere.hide(other.text)


@pytest.mark.parametrize("name", PEOPLE)
def test_members_may_do_what_their_role_says(place: Place, by_token: Any, name: str) -> None:
    assert _statuses(by_token(name), place) == _expected(place, PEOPLE[name])


def test_an_access_token_says_who_one_is_too(team: Any, place: Place) -> None:
    reads = {name: ask for name, ask in asks(place).items() if ask.need is Need.VIEWER}
    http = team.http("vera")
    assert {name: _call(http, name, ask, place).status_code for name, ask in reads.items()} == dict.fromkeys(reads, 200)


@pytest.mark.parametrize("form", [{"name": "vera", "password": "password of vera"}, {"token": "of vera"}], ids=list)
def test_the_cookie_says_who_one_is_too(
    team: Any,
    place: Place,
    visitor: httpx.Client,
    form: dict[str, str],
) -> None:
    team.users.set_password("vera", "password of vera")
    if "token" in form:
        form = {"token": team.tokens["vera"]}
    signed_in = visitor.post("/sign-in", data={**form, "next": "/team/secret/"})
    assert (signed_in.status_code, signed_in.headers["Location"]) == (303, "/team/secret/")
    project = Ask(Need.VIEWER)
    assert _call(visitor, "get_project", project, place).status_code == 200
    assert _call(visitor, "change_run", asks(place)["change_run"], place).status_code == 403
    team.users.set_password("vera", "the next password")
    team.users.revoke_token(team.token_ids["vera"])
    assert _call(visitor, "get_project", project, place).status_code == 401


def test_pages_of_other_sites_may_not_use_the_cookie(
    team: Any,
    place: Place,
    visitor: httpx.Client,
) -> None:
    assert visitor.post("/sign-in", data={"token": team.tokens["olga"]}).status_code == 303
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        visitor.headers.update(headers)
        changes = {name: ask for name, ask in asks(place).items() if BY_NAME[name].method != "GET"}
        answers = {name: _call(visitor, name, ask, place).status_code for name, ask in changes.items()}
        assert answers == dict.fromkeys(changes, 403)
        for name in headers:
            del visitor.headers[name]
    own = {"Origin": team.url, "Sec-Fetch-Site": "same-origin"}
    visitor.headers.update(own)
    assert _call(visitor, "change_run", asks(place)["change_run"], place).status_code == 200


def test_a_sign_in_with_a_wrong_token_opens_nothing(visitor: httpx.Client) -> None:
    for token in ("wrong", "e30=", " "):
        answer = visitor.post("/sign-in", data={"token": token, "next": "/"})
        assert answer.status_code == 401
        assert 'role="alert"' in answer.text
    assert visitor.cookies == httpx.Cookies()
