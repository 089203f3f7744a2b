"""Who may call what, for every operation, page and socket."""

import base64
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from neptune_yolo.server.api import notifications
from neptune_yolo.server.api.routes import all_endpoints
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility, WorkspaceRole
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.server.services.users import NewUser
from neptune_yolo.server.store.models import api_tokens
from tests.integration.team.operations_table import EMPTY_ARTIFACT, Ask, Need, Place, asks

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def place(team: Any) -> Place:
    """A private project with a run that has an attribute of each kind, and people in every role."""
    for name in ("vera", "carl", "olga", "sam"):
        team.add(name)
    account = team.users.add(NewUser("ci", is_service_account=True))
    project = team.as_admin.projects.create(NewProject(ProjectName("team", "secret"), "SEC", Visibility.PRIVATE))
    team.users.join_workspace("carl", "team", WorkspaceRole.MEMBER)
    team.users.join_workspace("olga", "team", WorkspaceRole.OWNER)
    team.as_admin.members.add_project_member("team/secret", "vera", Role.VIEWER)
    team.as_admin.members.add_project_member("team/secret", "carl", Role.CONTRIBUTOR)
    place = Place("team/secret", "team", project.id, "", account_id=account.id)
    http = team.http("olga")
    runs = [_call(http, team, "createExperiment", asks(place)["createExperiment"]).json() for _ in range(2)]
    place = Place("team/secret", "team", project.id, runs[0]["id"], runs[1]["shortId"], account_id=account.id)
    requests = asks(place)
    for name in ("createNewArtifact", "uploadArtifactFilesMetadata", "fileAtomUpload", "fileSetFileUpload"):
        assert _call(http, team, name, requests[name]).status_code == 200
    assert (
        _call(http, team, "executeOperations", Ask(Need.OWNER, {"experimentId": place.run_id}, _values())).json() == []
    )
    file_upload, set_upload = (
        _call(http, team, f"{kind}MultipartUploadStart", requests[f"{kind}MultipartUploadStart"]).json()["uploadId"]
        for kind in ("fileAtom", "fileSetFile")
    )
    return replace(place, file_upload=file_upload, set_upload=set_upload)


def _values() -> list[dict[str, Any]]:
    point = {"timestampMilliseconds": 1, "step": 1}
    picture = {"name": None, "description": None, "data": base64.b64encode(PNG).decode()}
    return [
        {"path": "float", "assignFloat": {"value": 1.0}},
        {"path": "int", "assignInt": {"value": 1}},
        {"path": "bool", "assignBool": {"value": True}},
        {"path": "string", "assignString": {"value": "x"}},
        {"path": "datetime", "assignDatetime": {"valueMilliseconds": 1}},
        {"path": "sys/tags", "insertStrings": {"values": ["x"]}},
        {"path": "artifact", "assignArtifact": {"hash": EMPTY_ARTIFACT}},
        {"path": "floats", "logFloats": {"entries": [{**point, "value": 1.0}]}},
        {"path": "strings", "logStrings": {"entries": [{**point, "value": "x"}]}},
        {"path": "images", "logImages": {"entries": [{**point, "value": picture}]}},
    ]


def _call(http: httpx.Client, team: Any, name: str, ask: Ask) -> httpx.Response:
    endpoint = next(endpoint for endpoint in all_endpoints(team.settings) if endpoint.operation_id == name)
    body = {"json": ask.json} if ask.json is not None else {"content": ask.content}
    return http.request(endpoint.method, endpoint.full_path, params=ask.params, **body)


def _statuses(http: httpx.Client, team: Any, requests: dict[str, Ask]) -> dict[str, int]:
    return {name: _call(http, team, name, ask).status_code for name, ask in requests.items()}


def _asks_of_users(place: Place) -> dict[str, Ask]:
    return {name: ask for name, ask in asks(place).items() if ask.need is not Need.PUBLIC}


def test_every_operation_is_in_the_table(team: Any) -> None:
    assert sorted(asks(Place())) == sorted(endpoint.operation_id for endpoint in all_endpoints(team.settings))


def test_nobody_gets_in_without_a_valid_token(team: Any, place: Place) -> None:
    requests = _asks_of_users(place)
    revoked, disabled = team.http("olga"), team.http("sam")
    team.users.revoke_token(team.token_ids["olga"])
    team.users.set_active("sam", is_active=False)
    team.add_token("olga", days=1)
    expired = team.http("olga")
    with team.store._engines.writing() as connection:
        connection.execute(update(api_tokens).where(api_tokens.c.id == team.token_ids["olga"]).values(expires_ms=1))
    with httpx.Client(base_url=team.url) as nobody:
        for http in (nobody, revoked, disabled, expired):
            assert _statuses(http, team, requests) == dict.fromkeys(requests, 401)
    for name in ("olga", "sam"):
        answer = team.exchange(team.tokens[name])
        assert answer.status_code == 401
        assert answer.headers["X-Server-Error"] == answer.json()["message"]


def test_a_stranger_is_told_nothing(team: Any, place: Place) -> None:
    requests, elsewhere = _asks_of_users(place), Place()
    made_up, stranger = _asks_of_users(elsewhere), team.http("sam")
    for name, ask in requests.items():
        answer, other = _call(stranger, team, name, ask), _call(stranger, team, name, made_up[name])
        assert (name, answer.status_code) == (name, ask.status if ask.need is Need.SIGNED_IN else 404)
        assert place.hidden(answer.text) == elsewhere.hidden(other.text)


def test_members_may_do_what_their_role_says(team: Any, place: Place) -> None:
    for name, held in (("vera", Need.VIEWER), ("carl", Need.CONTRIBUTOR), ("olga", Need.OWNER)):
        requests = _asks_of_users(place)
        answers = _statuses(team.http(name), team, requests)
        assert answers == {operation: ask.status if ask.need <= held else 403 for operation, ask in requests.items()}


def test_an_administrator_may_do_everything(team: Any, place: Place) -> None:
    requests = _asks_of_users(place)
    assert _statuses(team.http("root"), team, requests) == {name: ask.status for name, ask in requests.items()}


def test_roles_and_revocations_count_at_once_in_every_process(team: Any, place: Place, second_url: str) -> None:
    reader = team.http("sam", second_url)
    read, write = asks(place)["getExperiment"], asks(place)["ping"]

    def seen() -> tuple[int, int]:
        return (
            _call(reader, team, "getExperiment", read).status_code,
            _call(reader, team, "ping", write).status_code,
        )

    members = team.as_admin.members
    assert seen() == (404, 404)
    members.add_project_member("team/secret", "sam", Role.VIEWER)
    assert seen() == (200, 403)
    members.put_project_member("team/secret", "sam", Role.CONTRIBUTOR)
    assert seen() == (200, 200)
    members.remove_project_member("team/secret", "sam")
    assert seen() == (404, 404)
    team.users.join_workspace("sam", "team", WorkspaceRole.OWNER)
    assert seen() == (200, 200)
    team.users.leave_workspace("sam", "team")
    assert seen() == (404, 404)
    team.users.revoke_token(team.token_ids["sam"])
    assert seen() == (401, 401)


def _close_code(team: Any, http: httpx.Client, place: Place) -> int | None:
    address = f"{team.url}/api/notifications/v1/runs/{place.project_id}/{place.run_id}/signal".replace("http", "ws", 1)
    headers = {"Authorization": http.headers.get("Authorization", "")}
    try:
        with connect(address, additional_headers=headers, proxy=None) as socket:
            socket.recv(timeout=0.05)
    except InvalidStatus as error:
        return error.response.status_code
    except ConnectionClosed as error:
        return error.code
    except TimeoutError:
        return None
    return None


def test_sockets_are_for_those_who_write_the_run(team: Any, place: Place) -> None:
    assert _close_code(team, team.http("carl"), place) is None
    assert _close_code(team, team.http("vera"), place) == _close_code(team, team.http("sam"), place) == 403
    with httpx.Client() as nobody:
        assert _close_code(team, nobody, place) == 403


def _receive_until_closed(socket: ClientConnection) -> None:
    while True:
        socket.recv(timeout=5)


def test_a_socket_ends_with_the_right_to_it(team: Any, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "HEARTBEAT_SECONDS", 0.2)
    http = team.http("carl")
    address = f"{team.url}/api/notifications/v1/runs/{place.project_id}/{place.run_id}/signal".replace("http", "ws", 1)
    headers = {"Authorization": http.headers["Authorization"]}
    with connect(address, additional_headers=headers, proxy=None) as socket:
        assert socket.recv(timeout=5) == ""
        team.users.revoke_token(team.token_ids["carl"])
        with pytest.raises(ConnectionClosed, match="revoked"):
            _receive_until_closed(socket)


PAGES = (
    "/team/secret/",
    "/team/secret/metadata",
    "/team/secret/models",
    "/team/secret/e/SEC-1",
    "/team/secret/e/SEC-1/metadata",
    "/runs/SEC-1",
)

OF_PROJECT = frozenset({"/runs/SEC-1"})
"""Those that say something of the project themselves."""

SHOWN_FILE = "/api/v1/projects/team/secret/runs/SEC-1/file?path=file"


def _sign_in(team: Any, name: str) -> httpx.Client:
    team.users.set_password(name, f"password of {name}")
    http: httpx.Client = team.open_clients.enter_context(httpx.Client(base_url=team.url))
    form = {"name": name, "password": f"password of {name}", "next": "/team/secret/"}
    answer = http.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/team/secret/")
    return http


@pytest.mark.usefixtures("place")
def test_pages_are_for_those_who_see_the_project(team: Any) -> None:
    member, stranger = _sign_in(team, "vera"), _sign_in(team, "sam")
    with httpx.Client(base_url=team.url) as nobody:
        for page in PAGES:
            asked = nobody.get(page)
            assert (asked.status_code, asked.headers["Location"].partition("?")[0]) == (303, "/sign-in")
            if page in OF_PROJECT:
                assert member.get(page).status_code in {200, 303}
                assert stranger.get(page).status_code == 404
            else:  # the application, the same for all: it asks the read API for what it shows
                assert member.get(page).text == stranger.get(page).text
        assert [http.get(SHOWN_FILE).status_code for http in (member, stranger, nobody)] == [200, 404, 401]
    assert [http.get("/api/v1/projects").json()["total"] for http in (member, stranger)] == [1, 0]
    team.users.set_password("vera", "another password")
    assert member.get("/").status_code == 303


def test_a_wrong_password_opens_nothing(team: Any) -> None:
    team.users.set_password("root", "the right password")
    with httpx.Client(base_url=team.url) as http:
        form = {"name": "root", "password": "a wrong password", "next": "//evil.example"}
        wrong = http.post("/sign-in", data=form)
        assert (wrong.status_code, http.get("/").status_code) == (401, 303)
        right = http.post("/sign-in", data={**form, "password": "the right password"})
        assert (right.status_code, right.headers["Location"]) == (303, "/")
        assert http.get("/api/v1/session").status_code == 200
        http.post("/sign-out")
        assert http.get("/").status_code == 303


def test_public_projects_are_read_by_all_and_written_by_members(team: Any) -> None:
    team.add("sam")
    project = team.as_admin.projects.create(NewProject(ProjectName("team", "open"), "OPN", Visibility.PUBLIC))
    place = Place("team/open", "team", project.id)
    stranger = team.http("sam")
    assert _call(stranger, team, "getProject", asks(place)["getProject"]).status_code == 200
    assert _call(stranger, team, "createExperiment", asks(place)["createExperiment"]).status_code == 403
    assert _call(stranger, team, "createProject", asks(place)["createProject"]).status_code == 403
    team.users.join_workspace("sam", "team", WorkspaceRole.MEMBER)
    assert _call(stranger, team, "createExperiment", asks(place)["createExperiment"]).status_code == 403
