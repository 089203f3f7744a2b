"""Every error of the server has one body."""

import json

import pytest

from neptune_yolo.server import exceptions
from neptune_yolo.server.api.errors import STATUS, answer_server_error, answer_unexpected_error, error_body

OUTSIDE_HTTP = {"EmbeddedServerError", "DataFolderNotWritableError", "PortTakenError", "ServerStartError"} | {
    "BackupError",
    "ConfigurationError",
}

ERRORS = [
    kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, exceptions.ServerError) and kind is not exceptions.ServerError
]


def test_every_error_has_a_status() -> None:
    without = {kind.__name__ for kind in ERRORS if kind not in STATUS}
    assert without == OUTSIDE_HTTP


@pytest.mark.parametrize("kind", list(STATUS), ids=lambda kind: kind.__name__)
def test_every_error_is_answered_with_its_status(kind: type[exceptions.ServerError]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "Expected this, got that.")
    answer = answer_server_error(None, error)  # type: ignore[arg-type]
    assert answer.status_code == STATUS[kind]
    typed = {"errorType": kind.error_type} if hasattr(kind, "error_type") else {}
    assert json.loads(bytes(answer.body)) == {
        **typed,
        "code": STATUS[kind],
        "title": getattr(kind, "title", "Expected this, got that."),
        "message": "Expected this, got that.",
    }


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_inside() -> None:
    answer = answer_unexpected_error(None, RuntimeError("secret detail"))  # type: ignore[arg-type]
    assert b"secret detail" not in bytes(answer.body)


def test_the_clients_own_words_go_into_error_type() -> None:
    assert json.loads(error_body(404, "text", "EXPERIMENT_NOT_FOUND"))["errorType"] == "EXPERIMENT_NOT_FOUND"


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_the_tree_in_the_module_names_every_error(kind: type[exceptions.ServerError]) -> None:
    assert kind.__name__ in (exceptions.__doc__ or "")
