from datetime import UTC, datetime
from pathlib import Path

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.checkpoint_line import Line, Snapshot
from neptune_yolo.tracking.checkpoint_policy import HeldCheckpoint

ANY = CheckpointPolicy()


def snapshot(epoch: int, *names: str, fitness: float | None = None) -> Snapshot:
    metrics = {} if fitness is None else {"fitness": fitness}
    return Snapshot(Path(f"{epoch}.pt"), epoch, names, metrics, datetime(2030, 1, 1, tzinfo=UTC))


def line_of(*snapshots: Snapshot, limit: int = 10) -> Line:
    line = Line()
    for new in snapshots:
        line = line.joined(new, limit)
    return line


def names_in(line: Line) -> list[tuple[int, tuple[str, ...]]]:
    return [(waiting.epoch, waiting.names) for waiting in line.waiting]


def test_a_newer_last_supersedes_one_that_waits() -> None:
    line = line_of(snapshot(1, "last"), snapshot(2, "last"))
    assert names_in(line) == [(2, ("last",))]
    assert [dropped.epoch for dropped in line.dropped] == [1]
    assert line.skipped == ()


def test_only_the_superseded_name_goes() -> None:
    line = line_of(snapshot(1, "best", "last"), snapshot(2, "last"))
    assert names_in(line) == [(1, ("best",)), (2, ("last",))]
    assert line.dropped == ()


def test_the_oldest_epochs_are_skipped_when_too_many_wait() -> None:
    line = line_of(*(snapshot(epoch, f"epoch_{epoch}") for epoch in (1, 2)), limit=2)
    line = line.joined(snapshot(3, "epoch_3"), 2)
    assert names_in(line) == [(2, ("epoch_2",)), (3, ("epoch_3",))]
    assert line.skipped == (1,)
    assert [dropped.epoch for dropped in line.dropped] == [1]


def test_best_outlives_newer_epochs() -> None:
    line = line_of(*(snapshot(e, *(["best"] if e == 1 else []), f"epoch_{e}", "last") for e in range(1, 6)), limit=2)
    assert names_in(line) == [(1, ("best", "epoch_1")), (5, ("epoch_5", "last"))]


def test_the_newest_stays_at_any_limit() -> None:
    line = line_of(snapshot(1, "best"), snapshot(2, "last"), limit=1)
    assert names_in(line) == [(2, ("last",))]
    assert line.skipped == ()


def test_the_oldest_is_next_and_its_names_are_taken_one_by_one() -> None:
    line = line_of(snapshot(1, "epoch_1", "best"), snapshot(2, "last"))
    order = []
    while (job := line.next(ANY, permanent_only=False)) is not None:
        assert line.contains(*job)
        order.append((job[0].epoch, job[1]))
        line = line.taken(*job)
        assert not line.contains(*job)
    assert order == [(1, "epoch_1"), (1, "best"), (2, "last")]
    assert line.dropped == ()


def test_offline_what_the_policy_keeps_waits_and_the_rest_is_dropped() -> None:
    policy = CheckpointPolicy(every=1, keep=2, best=True, last=True)
    line, dropped = Line(), []
    for epoch in range(1, 5):
        line = line.kept(snapshot(epoch, f"epoch_{epoch}", *(["best"] if epoch == 1 else []), "last"), policy)
        dropped += [old.epoch for old in line.dropped]
    assert names_in(line) == [(1, ("best",)), (3, ("epoch_3",)), (4, ("epoch_4", "last"))]
    assert dropped == [2]


def test_offline_only_what_stays_for_good_goes_to_the_queue_at_once() -> None:
    policy = CheckpointPolicy(every=2, last=True)
    line = Line().kept(snapshot(1, "last"), policy)
    assert line.next(policy, permanent_only=True) is None
    line = line.kept(snapshot(2, "epoch_2", "last"), policy)
    assert line.next(policy, permanent_only=True) == (line.waiting[0], "epoch_2")


def test_what_waits_counts_as_held() -> None:
    line = line_of(snapshot(1, "last", fitness=0.9), snapshot(2, "epoch_2", fitness=0.5))
    assert line.held(ANY) == [HeldCheckpoint(2, 0.5)]
