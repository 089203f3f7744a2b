"""Who may import, and say who has made what."""

from typing import Any

import pytest

from neptune_yolo.read.exceptions import AccessRefusedError
from neptune_yolo.read.servers import Server
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.transfer.writing import Destination, PastFacts, Source

FACTS = PastFacts(created_ms=1, modified_ms=2, owner="ada")


def test_contributors_import_and_only_owners_name_others(team: Any) -> None:
    team.as_admin.projects.create(NewProject(ProjectName("team", "old"), "OLD", Visibility.PRIVATE))
    for name, role in (("vera", Role.VIEWER), ("carl", Role.CONTRIBUTOR), ("olga", Role.OWNER)):
        team.add(name)
        team.as_admin.members.add_project_member("team/old", name, role)
    vera, carl, olga = (Destination(Server(team.url, team.tokens[name])) for name in ("vera", "carl", "olga"))
    with pytest.raises(AccessRefusedError):
        vera.open(vera.project("team/old"), Source("a"))
    run = carl.open(carl.project("team/old"), Source("a"))
    with pytest.raises(AccessRefusedError):
        carl.finish("team/old", run.sys_id, "1", FACTS)
    assert not run.finish("1", FACTS)
    head = carl.api.run("team/old", run.sys_id)
    assert (head.owner, head.created_ms, head.modified_ms) == ("carl", 1, 2)
    assert olga.open(olga.project("team/old"), Source("a")).finish("1", FACTS)
    assert carl.api.run("team/old", run.sys_id).owner == "ada"
    for destination in (vera, carl, olga):
        destination.close()
