import math
from collections.abc import Container
from typing import Any

import pytest

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.checkpoint_policy import (
    HeldCheckpoint,
    compared_metric,
    due,
    epoch_of,
    held_in_run,
    is_permanent,
    retired,
)


def names_over(policy: CheckpointPolicy, metrics: list[float | None], best: Container[int] = ()) -> list[list[str]]:
    """What a training uploads epoch after epoch, if everything that is uploaded stays."""
    held: list[HeldCheckpoint] = []
    found = []
    for epoch, metric in enumerate(metrics, start=1):
        now = HeldCheckpoint(epoch, metric)
        found.append(due(policy, held, now, improved=epoch in best))
        held += [now] if f"epoch_{epoch}" in found[-1] else []
    return found


def test_nothing_is_due_by_default() -> None:
    assert names_over(CheckpointPolicy(), [0.1, 0.2], best={1, 2}) == [[], []]


def test_every_nth_epoch_is_due() -> None:
    names = names_over(CheckpointPolicy(every=2), [None] * 5)
    assert names == [[], ["epoch_2"], [], ["epoch_4"], []]


def test_best_is_due_only_when_it_was_written_and_last_always() -> None:
    names = names_over(CheckpointPolicy(best=True, last=True), [0.1, 0.2, 0.1], best={1, 2})
    assert names == [["best", "last"], ["best", "last"], ["last"]]


def test_one_epoch_can_be_due_under_several_names() -> None:
    names = names_over(CheckpointPolicy(every=1, best=True, last=True), [0.1], best={1})
    assert names == [["epoch_1", "best", "last"]]


def test_the_top_k_are_due_when_they_are_among_the_best_so_far() -> None:
    names = names_over(CheckpointPolicy(top_k=2), [0.1, 0.5, 0.05, 0.3, 0.2])
    assert names == [["epoch_1"], ["epoch_2"], [], ["epoch_4"], []]


def test_of_equal_ones_the_newer_is_among_the_best() -> None:
    assert names_over(CheckpointPolicy(top_k=1), [0.3, 0.3]) == [["epoch_1"], ["epoch_2"]]
    assert retired(CheckpointPolicy(top_k=1), [HeldCheckpoint(1, 0.3), HeldCheckpoint(2, 0.3)]) == [1]


@pytest.mark.parametrize("metric", [math.nan, math.inf, -math.inf, None])
def test_what_is_not_finite_never_is_among_the_best(metric: float | None) -> None:
    for higher in (True, False):
        policy = CheckpointPolicy(top_k=3, higher_is_better=higher)
        assert due(policy, [], HeldCheckpoint(1, metric), improved=False) == []
        assert retired(policy, [HeldCheckpoint(1, metric), HeldCheckpoint(2, 0.1)]) == [1]


def test_a_lower_metric_can_be_the_better_one() -> None:
    held = [HeldCheckpoint(1, 0.5), HeldCheckpoint(2, 0.1), HeldCheckpoint(3, 0.3)]
    assert retired(CheckpointPolicy(top_k=1, higher_is_better=False), held) == [1, 3]


def test_the_newest_of_every_stay() -> None:
    held = [HeldCheckpoint(epoch) for epoch in (6, 2, 4, 8)]
    assert retired(CheckpointPolicy(every=2, keep=2), held) == [2, 4]
    assert retired(CheckpointPolicy(every=2), held) == []


def test_the_best_and_the_newest_stay_side_by_side() -> None:
    held = [HeldCheckpoint(epoch, metric) for epoch, metric in ((2, 0.9), (3, 0.8), (4, 0.1), (6, 0.2), (7, 0.3))]
    assert retired(CheckpointPolicy(every=2, keep=1, top_k=2), held) == [4, 7]


def test_what_no_rule_is_about_stays() -> None:
    held = [HeldCheckpoint(3, 0.5), HeldCheckpoint(5), HeldCheckpoint(10)]
    assert retired(CheckpointPolicy(every=5, keep=1), held) == [5]
    assert retired(CheckpointPolicy(last=True), held) == []


def test_an_epoch_that_is_repeated_counts_once() -> None:
    policy = CheckpointPolicy(top_k=1)
    assert due(policy, [HeldCheckpoint(4, 0.9)], HeldCheckpoint(4, 0.2), improved=False) == ["epoch_4"]


def test_only_regular_ones_without_a_limit_are_permanent() -> None:
    assert is_permanent(CheckpointPolicy(every=2), "epoch_4")
    assert not is_permanent(CheckpointPolicy(every=2), "epoch_3")
    assert not is_permanent(CheckpointPolicy(every=2, keep=9), "epoch_4")
    assert not is_permanent(CheckpointPolicy(every=2, last=True), "last")


@pytest.mark.parametrize(
    ("name", "epoch"), [("epoch_12", 12), ("best", None), ("epoch_", None), ("epoch_1x", None), ("my_epoch_1", None)]
)
def test_a_name_tells_its_epoch(name: str, epoch: int | None) -> None:
    assert epoch_of(name) == epoch


@pytest.mark.parametrize("metric", ["metrics/mAP50-95(B)", "mAP50-95(B)"])
def test_a_metric_may_be_named_with_or_without_its_prefix(metric: str) -> None:
    policy = CheckpointPolicy(top_k=1, metric=metric)
    assert compared_metric(policy, {"fitness": 0.1, "metrics/mAP50-95(B)": 0.2}) == 0.2
    assert compared_metric(policy, {"fitness": 0.1}) is None


def test_what_a_run_holds_is_read_back() -> None:
    content: dict[str, Any] = {
        "skipped": 3,
        "best": {"epoch": 4, "metrics": {"fitness": 0.7}},
        "epoch_5": {"epoch": 5, "metrics": {"fitness": 0.5, "mAP50(B)": 0.6}},
        "epoch_7": {"epoch": 7},
    }
    assert held_in_run(CheckpointPolicy(), content) == {5: HeldCheckpoint(5, 0.5), 7: HeldCheckpoint(7)}
    by_map = CheckpointPolicy(metric="metrics/mAP50(B)")
    assert held_in_run(by_map, content)[5] == HeldCheckpoint(5, 0.6)
