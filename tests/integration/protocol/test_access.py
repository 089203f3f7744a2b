"""Who gets in, and what the others are told."""

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from neptune_yolo.dashboard.bundle import installed_bundle
from neptune_yolo.server.api.routes import all_endpoints

if TYPE_CHECKING:
    from neptune_yolo.server.settings import ServerSettings


@pytest.fixture
def stranger(service: Any) -> httpx.Client:
    return httpx.Client(base_url=service.url, timeout=30)


def _api_token(secret: object) -> str:
    return base64.b64encode(json.dumps({"api_address": "http://127.0.0.1", "api_key": secret}).encode()).decode()


def test_every_operation_but_the_handshake_needs_an_access_token(service: Any, stranger: httpx.Client) -> None:
    endpoints = [endpoint for endpoint in all_endpoints(service.settings) if not endpoint.public]
    assert len(endpoints) > 25
    with stranger:
        answers = {
            endpoint.operation_id: stranger.request(endpoint.method, endpoint.full_path) for endpoint in endpoints
        }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)


@pytest.mark.parametrize("token", ["", "???", "e30=", _api_token("wrong"), _api_token(7), _api_token("")])
def test_a_wrong_api_token_is_refused(stranger: httpx.Client, token: str) -> None:
    with stranger:
        for path in ("clients/config", "authorization/oauth-token"):
            answer = stranger.get(f"/api/backend/v1/{path}", headers={"X-Neptune-Api-Token": token})
            assert answer.status_code == 401
            assert "NEPTUNE_API_TOKEN" in answer.json()["title"]


@pytest.mark.parametrize(
    ("key", "claims"),
    [
        ("another key of thirty-two bytes!!", {"use": "access", "exp": 4102444800}),
        ("signing-key-of-the-tests-32-bytes", {"use": "refresh", "exp": 4102444800}),
        ("signing-key-of-the-tests-32-bytes", {"use": "access", "exp": 1000}),
        ("signing-key-of-the-tests-32-bytes", {"use": "access"}),
    ],
    ids=["other key", "refresh token", "expired", "without end"],
)
def test_a_wrong_access_token_is_refused(stranger: httpx.Client, key: str, claims: dict[str, object]) -> None:
    token = jwt.encode(claims, key, algorithm="HS256")
    with stranger:
        answer = stranger.get("/api/backend/v1/projects2", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_tokens_are_renewed(service: Any, stranger: httpx.Client) -> None:
    with stranger:
        first = stranger.get(
            "/api/backend/v1/authorization/oauth-token", headers={"X-Neptune-Api-Token": service.token}
        ).json()
        claims = jwt.decode(first["accessToken"], options={"verify_signature": False})
        address = f"{claims['iss']}/protocol/openid-connect/token"
        form = {"grant_type": "refresh_token", "refresh_token": first["refreshToken"], "client_id": claims["azp"]}
        renewed = stranger.post(address, data=form)
        refused = stranger.post(address, data={**form, "refresh_token": first["accessToken"]})
    assert renewed.json()["token_type"] == "Bearer"
    assert renewed.json()["expires_in"] > 60
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


def test_other_host_names_are_refused(stranger: httpx.Client) -> None:
    with stranger:
        assert stranger.get("/api/health", headers={"Host": "evil.example"}).status_code == 400
        assert stranger.get("/api/health").status_code == 200


def test_pages_open_by_the_link_that_the_client_prints(
    service: Any, stranger: httpx.Client, init_run: Callable[..., Any]
) -> None:
    run = init_run(name="<script>alert(1)</script>")
    run["metrics/mAP50(B)"].append(0.5, step=1)
    run.wait()
    link = run.get_url()
    with stranger:
        closed = stranger.get("/local/yolo/e/YOL-1")
        wrong = stranger.get("/open/wrong-key/local/yolo/e/YOL-1")
        page = stranger.get(f"{link}/metadata", follow_redirects=True)
        project = stranger.get("/local/yolo/")
        model = stranger.get("/local/yolo/m/YOL-MOD/v/YOL-MOD-1/metadata")
        project_link = stranger.get("/local/yolo/metadata")
        anywhere = stranger.get("/runs/YOL-1", follow_redirects=True)
        nowhere = stranger.get("/runs/YOL-99")
    assert closed.status_code == wrong.status_code == 401
    assert "neptune-yolo open" in closed.text
    shown = 200 if installed_bundle().exists else 503
    assert {answer.status_code for answer in (page, project, model, project_link)} == {shown}
    assert service.settings.page_key not in str(page.url)
    assert "alert(1)" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"].partition("script-src")[2].partition(";")[0]
    assert nowhere.status_code == 404
    assert anywhere.url.path == "/local/yolo/e/YOL-1"


def test_uploaded_pages_cannot_run_in_the_browser(stranger: httpx.Client, init_run: Callable[..., Any]) -> None:
    from neptune.types import File

    run = init_run()
    run["chart"].upload(File.from_content("<script>alert(1)</script>", extension="html"))
    run["drawing"].upload(File.from_content("<svg onload='alert(1)'/>", extension="svg"))
    run["plot"].upload(File.from_content(b"\x89PNG", extension="png"))
    run.wait()
    with stranger:
        stranger.get(run.get_url())
        assert [name for name in stranger.cookies if name.startswith("neptune_yolo_")]
        answers = {
            name: stranger.get("/api/v1/projects/local/yolo/runs/YOL-1/file", params={"path": name})
            for name in ("chart", "drawing", "plot")
        }
    for answer in answers.values():  # with an origin of its own, and nothing to load or to send
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'none'" in policy
        assert "allow-same-origin" not in policy
    assert answers["drawing"].headers["Content-Security-Policy"].endswith("sandbox")
    assert answers["plot"].headers["Content-Type"] == "image/png"
    for answer in answers.values():
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_settings_are_not_shown_with_their_secrets(service: Any) -> None:
    settings: ServerSettings = service.settings
    assert settings.api_secret is not None
    assert settings.page_key is not None
    assert settings.api_secret not in repr(settings)
    assert settings.signing_key not in repr(settings)
    assert settings.page_key not in repr(settings)
