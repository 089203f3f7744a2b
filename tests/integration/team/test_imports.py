"""Who may import, and say who has made what."""

from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.read.exceptions import AccessRefusedError, ThingNotFoundError
from neptune_yolo.read.servers import Server
from neptune_yolo.server.domain.caller import Role
from neptune_yolo.server.domain.project import ProjectName
from neptune_yolo.server.domain.users import Visibility
from neptune_yolo.server.services.projects import NewProject
from neptune_yolo.transfer.neptune_export.finding import find_export
from neptune_yolo.transfer.neptune_export.importing import Choice, ExportImport
from neptune_yolo.transfer.progress import Silent
from neptune_yolo.transfer.report import Outcome, RunReport
from neptune_yolo.transfer.writing import Destination, PastFacts, Source
from tests.exports import CREATED_MS, Export, point, system_rows

FACTS = PastFacts(created_ms=1, modified_ms=2, owner="ada")


def test_contributors_import_and_only_owners_name_others(team: Any) -> None:
    team.as_admin.projects.create(NewProject(ProjectName("team", "old"), "OLD", Visibility.PRIVATE))
    for name, role in (("vera", Role.VIEWER), ("carl", Role.CONTRIBUTOR), ("olga", Role.OWNER)):
        team.add(name)
        team.as_admin.members.add_project_member("team/old", name, role)
    vera, carl, olga = (Destination(Server(team.url, team.tokens[name])) for name in ("vera", "carl", "olga"))
    with pytest.raises(ThingNotFoundError, match=r"workspace .* got 'local' .* by -p workspace/name"):
        olga.project("local/yolo")
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


def test_an_import_by_an_owner_repairs_who_has_made_a_run(team: Any, tmp_path: Path) -> None:
    team.as_admin.projects.create(NewProject(ProjectName("team", "old"), "OLD", Visibility.PRIVATE))
    for name, role in (("carl", Role.CONTRIBUTOR), ("olga", Role.OWNER)):
        team.add(name)
        team.as_admin.members.add_project_member("team/old", name, role)
    carl, olga = (Destination(Server(team.url, team.tokens[name])) for name in ("carl", "olga"))
    export = Export(tmp_path / "exports")
    export.add("SAN-7", [*system_rows("SAN-7"), point("loss", 0, 0.5)])

    def imported(destination: Destination, *, check: bool = False) -> RunReport:
        choice = Choice(project="team/old", check=check)
        (run,) = ExportImport(destination, choice, Silent()).run(find_export(export.folder)).runs
        assert (run.error, run.differences) == ("", [])
        return run

    first = imported(carl)
    (note,) = first.problems
    assert "its owner 'ada' was not kept" in note
    for destination, check in ((carl, False), (carl, True), (olga, True)):
        again = imported(destination, check=check)
        assert (again.outcome, again.problems) == (Outcome.UNCHANGED, [note])
    carl.api.trash_runs("team/old", ["SAN-7"])
    before = carl.api.run("team/old", "SAN-7")
    assert before.owner == "carl"

    repaired = imported(olga)

    assert (repaired.outcome, repaired.run) == (Outcome.CONTINUED, "SAN-7")
    assert not any("was not kept" in text for text in repaired.problems)
    after = carl.api.run("team/old", "SAN-7")
    assert (after.owner, after.trashed, after.created_ms) == ("ada", True, CREATED_MS)
    carl.api.restore_runs("team/old", ["SAN-7"])
    for destination, check in ((carl, False), (carl, True), (olga, True), (olga, False)):
        again = imported(destination, check=check)
        assert (again.outcome, again.problems) == (Outcome.UNCHANGED, [])
    assert (after.modified_ms, after.pinged_ms, after.running_ms) == (
        before.modified_ms,
        before.pinged_ms,
        before.running_ms,
    )
    for destination in (carl, olga):
        destination.close()
