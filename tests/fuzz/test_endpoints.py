"""Every operation of the protocol, with parameters and bodies that no client sends."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from neptune_yolo.dashboard.access import cookie_name
from neptune_yolo.server.api.definitions import DEFINITIONS
from neptune_yolo.server.api.endpoint import Endpoint, Parameter, Place
from tests.fuzz import values
from tests.fuzz.conftest import examples
from tests.fuzz.world import ENDPOINTS, World, check, valid_operations

PATHS = [operation["path"] for operation in valid_operations()] + ["file", "set", "new/path", "sys/id", "sys/state"]
NAMES = ["<project>", "<run>", "<model>", "<version>", "<hash>", "<upload>", "<token>"]
MAX_LEVELS = 4


@examples(120)
@given(request=st.deferred(lambda: REQUESTS))
def test_every_operation_answers_or_says_why_not(world: World, request: dict[str, Any]) -> None:
    sent = _resolved(request, {f"<{kind}>": identifier for kind, identifier in world.ids.items()})
    check(world.send(**sent))
    wanted = {"experimentId": world.ids["run"]}
    if check(world.send("GET", "/api/leaderboard/v1/experiment/attributes", params=wanted)).status_code == 404:
        assert "delete" in f"{sent['method']} {sent['path']}".lower()
        world.furnish_again()


def test_every_operation_is_among_those_that_are_tried(world: World) -> None:
    assert {endpoint.operation_id for endpoint in world.endpoints} == set(BY_OPERATION)


@examples(60)
@given(data=st.data())
def test_paths_and_methods_that_lead_nowhere_are_answered(sqlite_world: World, data: DataObject) -> None:
    method = data.draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"]))
    segment = st.one_of(values.texts, st.sampled_from(["api", "v1", "open", "runs", "local", "yolo", "e", "m", "auth"]))
    path = "/" + "/".join(data.draw(st.lists(segment, max_size=5)))
    query = data.draw(st.lists(st.tuples(values.texts, values.texts), max_size=2))
    answer = sqlite_world.send(method, _quoted(path), params=query)
    assert answer.status_code < 500
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if answer.status_code >= 400:
        assert "Expected" in answer.text or "sign" in answer.text.lower()


@examples(80)
@given(data=st.data())
def test_tokens_of_any_form_are_refused(sqlite_world: World, data: DataObject) -> None:
    token = data.draw(
        st.one_of(
            st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=60),
            st.binary(max_size=60).map(_jwt_of),
            values.json_values.map(_api_token_of),
            values.json_values.map(lambda secret: _api_token_of({"api_key": secret})),
        )
    )
    _refuse_token(sqlite_world, token)


@pytest.mark.parametrize(
    "content",
    [b"[" * 20_000, b'{"api_key": ' * 3000, b'{"api_key": "\\ud800"}', b'{"api_key": ' + b"9" * 10_000 + b"}"],
)
def test_tokens_that_are_hard_to_read_are_refused(sqlite_world: World, content: bytes) -> None:
    for token in (_jwt_of(content), _api_token_of_text(content.decode())):
        _refuse_token(sqlite_world, token)


def _refuse_token(world: World, token: str) -> None:
    header = token.encode("utf-8", "ignore")
    for path, headers in (
        ("/api/backend/v1/projects2", {"Authorization": b"Bearer " + header}),
        ("/api/backend/v1/projects2", {"Authorization": header}),
        ("/api/backend/v1/authorization/oauth-token", {"X-Neptune-Api-Token": header}),
    ):
        assert check(world.send("GET", path, headers=headers)).status_code == 401
    form = {"refresh_token": token, "grant_type": "refresh_token"}
    answer = world.send("POST", "/auth/protocol/openid-connect/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    world.send("GET", "/", headers={"Cookie": cookie_name(world.settings).encode() + b"=" + header})


def _resolved(value: Any, names: dict[str, str]) -> Any:
    """Return a value with the names of this world in place of ``<run>`` and the like."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, dict):
        return {name: _resolved(item, names) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_resolved(item, names) for item in value)
    return value


@st.composite
def _requests(draw: DrawFn, endpoint: Endpoint) -> dict[str, Any]:
    parameters = [
        (parameter.name, value)
        for parameter in endpoint.parameters
        if parameter.place is Place.QUERY
        for value in draw(_query(parameter))
    ]
    headers = {
        parameter.name: draw(_header(parameter))
        for parameter in endpoint.parameters
        if parameter.place is Place.HEADER and draw(st.booleans())
    }
    request = {"method": endpoint.method, "path": endpoint.full_path, "params": parameters, "headers": headers}
    return {**request, **draw(_content(endpoint))}


def _query(parameter: Parameter) -> st.SearchStrategy[list[str]]:
    if parameter.schema.get("type") in {"integer", "number"}:
        value = values.query_numbers
    else:
        value = values.some_of([*NAMES, *PATHS])
        likely = _likely(parameter.name)
        if likely:
            value = st.one_of(st.sampled_from(likely), st.sampled_from(likely), value)
    one = st.lists(value, min_size=1, max_size=1)
    return st.one_of(one, one, one, st.lists(value, max_size=3))


def _likely(name: str) -> list[str]:
    lowered = name.lower()
    if "experiment" in lowered:
        return ["<run>", "<run>", "<model>", "<version>", "<project>", "local/yolo/YOL-1"]
    if "project" in lowered:
        return ["<project>", "local/yolo"]
    known = {
        "attribute": PATHS,
        "uploadid": ["<upload>"],
        "hash": ["<hash>"],
        "ext": ["txt", ""],
        "subpath": ["a/b", "c"],
        "path": ["", "a"],
        "reset": ["True", "False"],
    }
    return known.get(lowered, [])


def _header(parameter: Parameter) -> st.SearchStrategy[bytes]:
    known = {
        "X-Range": ["bytes=0-3/4", "bytes=0-0/1", "bytes=4-0/1", "bytes=" + "9" * 30 + "-" + "9" * 30 + "/1", "0-1"]
    }
    text = st.one_of(st.sampled_from(known.get(parameter.name, ["x"])), values.texts)
    return text.map(
        lambda value: "".join(char for char in value if char >= " " and char != "\x7f").encode()[:2000].strip()
    )


def _content(endpoint: Endpoint) -> st.SearchStrategy[dict[str, Any]]:
    body = next((parameter for parameter in endpoint.parameters if parameter.place is Place.BODY), None)
    raw = st.binary(max_size=200).map(lambda content: {"content": content})
    if body is None:
        return raw if endpoint.raw is not None else st.just({})
    sensible = _valid_body(endpoint, body)
    return st.one_of(
        sensible.map(_as_json),
        sensible.flatmap(values.mutated).map(_as_json),
        sensible.flatmap(values.mutated).flatmap(values.mutated).map(_as_json),
        values.json_values.map(_as_json),
        raw,
    )


def _as_json(value: Any) -> dict[str, Any]:
    return {"json": value}


def _valid_body(endpoint: Endpoint, body: Parameter) -> st.SearchStrategy[Any]:
    create = {"projectIdentifier": "<project>", "parentId": "<project>", "type": "run", "customId": "c"}
    if endpoint.operation_id == "executeOperations":
        return st.lists(st.sampled_from(valid_operations()), max_size=4)
    if endpoint.operation_id == "createExperiment":
        model, git = {**create, "type": "model", "key": "K"}, {**create, "gitInfo": {"commit": {"commitId": "c"}}}
        return st.sampled_from([create, model, git])
    return _of_schema(body.schema, MAX_LEVELS)


def _of_schema(schema: dict[str, Any], levels: int) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _of_schema(DEFINITIONS[schema["$ref"].rsplit("/", 1)[-1]], levels)
    if levels == 0:
        return values.leaves
    match schema.get("type"):
        case "object" if schema.get("properties"):
            fields = {name: _of_schema(inner, levels - 1) for name, inner in schema["properties"].items()}
            return st.fixed_dictionaries({}, optional=fields)
        case "array":
            return st.lists(_of_schema(schema["items"], levels - 1), max_size=3)
        case "string" if "enum" in schema:
            return st.sampled_from(schema["enum"])
        case "string":
            return values.some_of([*NAMES, *PATHS, "run", "float", "local", "ascending", "none", ""])
        case "integer" | "number":
            return st.one_of(st.integers(0, 50), values.numbers)
        case "boolean":
            return st.booleans()
        case _:
            return values.json_values


def _quoted(path: str) -> str:
    return "/" + quote(path.encode("utf-8", "replace")).lstrip("/")


def _jwt_of(content: bytes) -> str:
    part = base64.urlsafe_b64encode(content).decode().rstrip("=")
    return f"{part}.e30.e30"


def _api_token_of(value: Any) -> str:
    return _api_token_of_text(json.dumps(value))


def _api_token_of_text(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "replace")).decode()


BY_OPERATION = {endpoint.operation_id: _requests(endpoint) for endpoint in ENDPOINTS}
REQUESTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(sorted(BY_OPERATION)).flatmap(BY_OPERATION.__getitem__)
