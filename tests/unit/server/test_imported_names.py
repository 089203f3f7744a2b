"""What runs, models and versions can be called that come from elsewhere."""

import uuid

import pytest

from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.ids import ContainerId
from neptune_yolo.server.domain.imports import imported_id, parse_imported_name
from neptune_yolo.server.exceptions import InvalidRequestError

RUN, MODEL, VERSION = ContainerType.RUN, ContainerType.MODEL, ContainerType.MODEL_VERSION


@pytest.mark.parametrize(
    ("kind", "text", "stem", "last"),
    [
        (RUN, "SAN-7", "SAN", "7"),
        (RUN, "S_2-999999999", "S_2", "999999999"),
        (MODEL, "SAN-DET_2", "SAN", "DET_2"),
        (VERSION, "SAN-DET-12", "SAN-DET", "12"),
    ],
)
def test_names_are_taken_apart(kind: ContainerType, text: str, stem: str, last: str) -> None:
    name = parse_imported_name(kind, text)
    assert (name.text, name.stem, name.last) == (text, stem, last)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((RUN, text) for text in ("", "SAN", "SAN-0", "SAN-01", "SAN-1234567890", "SAN-\u0661", "SAN-1\n", "san-1")),
        *((RUN, text) for text in ("../SAN-1", "SAN-1/2", "SAN-DET", "SAN-DET-1", f"{'S' * 65}-1")),
        *((MODEL, text) for text in ("SAN-1", "SAN-DET-1", "SAN-det", f"SAN-{'D' * 65}")),
        *((VERSION, text) for text in ("SAN-1", "SAN-DET", "SAN-DET-0", "SAN-1-1")),
    ],
)
def test_what_is_no_name_is_refused(kind: ContainerType, text: str) -> None:
    with pytest.raises(InvalidRequestError, match="identifier such as"):
        parse_imported_name(kind, text)


def test_ids_tell_projects_kinds_and_sources_apart() -> None:
    one, two = (ContainerId(str(uuid.uuid4())) for _ in range(2))
    places = [(one, RUN, "a"), (two, RUN, "a"), (one, MODEL, "a"), (one, RUN, "b")]
    assert len({imported_id(*place) for place in places}) == len(places)
    assert imported_id(one, RUN, "a") == imported_id(one, RUN, "a")
