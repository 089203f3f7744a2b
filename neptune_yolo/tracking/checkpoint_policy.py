"""Which checkpoints are due after an epoch, and which of those on the server are to be deleted. Pure rules.

A checkpoint of one epoch is kept as ``epoch_<n>``; ``best`` and ``last`` are overwritten. What the server holds is
given to these functions as `HeldCheckpoint`, and can be read back from a run, so that a resumed training goes on with
it.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.attribute_paths import path_part

BEST = "best"
LAST = "last"

_EPOCH_NAME = re.compile(r"epoch_(\d+)")


@dataclass(frozen=True)
class HeldCheckpoint:
    """A checkpoint of one epoch that is on the server, or on its way there.

    Args:
        epoch: Epoch after which it was saved, from 1.
        metric: The metric that the policy compares; None if the epoch was not validated.
    """

    epoch: int
    metric: float | None = None


def epoch_name(epoch: int) -> str:
    """Return the name of the checkpoint of one epoch, such as ``epoch_5``."""
    return f"epoch_{epoch}"


def epoch_of(name: str) -> int | None:
    """Return the epoch of a checkpoint's name; None for ``best``, ``last`` and any other name."""
    found = _EPOCH_NAME.fullmatch(name)
    return int(found[1]) if found else None


def metric_part(metric: str) -> str:
    """Return how a metric is called below a checkpoint, such as ``mAP50-95(B)`` for ``metrics/mAP50-95(B)``."""
    return path_part(metric.removeprefix("metrics/"))


def compared_metric(policy: CheckpointPolicy, metrics: Mapping[str, float]) -> float | None:
    """Return the metric that a policy compares; None if the epoch has none.

    Args:
        policy: The policy.
        metrics: Name -> value, with or without the prefix ``metrics/``.
    """
    wanted = metric_part(policy.metric)
    return next((value for name, value in metrics.items() if metric_part(name) == wanted), None)


def due(
    policy: CheckpointPolicy, held: Collection[HeldCheckpoint], now: HeldCheckpoint, *, improved: bool
) -> list[str]:
    """Return the names under which the checkpoint of an epoch is uploaded; often none.

    Args:
        policy: The policy.
        held: The checkpoints of single epochs up to now.
        now: The epoch that has just ended.
        improved: Whether best.pt was written in this epoch.
    """
    names = [epoch_name(now.epoch)] if _is_regular(policy, now) or _is_among_best(policy, held, now) else []
    return names + [BEST] * (policy.best and improved) + [LAST] * policy.last


def retired(policy: CheckpointPolicy, held: Iterable[HeldCheckpoint]) -> list[int]:
    """Return the epochs whose checkpoints a policy no longer keeps, in increasing order.

    Of those that are due by `every`, the newest `keep` stay; of all, the best `top_k`. What neither rule is about,
    since an earlier part of the run had other rules, stays as well.

    Args:
        policy: The policy.
        held: The checkpoints of single epochs.
    """
    newest_first = sorted(held, key=lambda checkpoint: -checkpoint.epoch)
    regular = [checkpoint for checkpoint in newest_first if _is_regular(policy, checkpoint)]
    stay = set(regular[: policy.keep]) | set(_best(policy, newest_first))
    ruled = newest_first if policy.top_k else regular
    return sorted(checkpoint.epoch for checkpoint in ruled if checkpoint not in stay)


def is_permanent(policy: CheckpointPolicy, name: str) -> bool:
    """Return whether a checkpoint is neither overwritten nor deleted later."""
    epoch = epoch_of(name)
    return epoch is not None and policy.keep is None and _is_regular(policy, HeldCheckpoint(epoch))


def held_in_run(policy: CheckpointPolicy, checkpoints: Mapping[str, object]) -> dict[int, HeldCheckpoint]:
    """Return what a run holds, by epoch.

    Args:
        policy: The policy, which names the metric.
        checkpoints: The run's namespace ``checkpoints`` as nested dictionaries, as the client fetches it.
    """
    found = {}
    for name, content in checkpoints.items():
        epoch = epoch_of(name)
        if epoch is not None and isinstance(content, Mapping):
            metrics = content.get("metrics")
            value = metrics.get(metric_part(policy.metric)) if isinstance(metrics, Mapping) else None
            is_number = isinstance(value, int | float)
            found[epoch] = HeldCheckpoint(epoch, float(value) if is_number else None)  # type: ignore[arg-type]
    return found


def _is_regular(policy: CheckpointPolicy, checkpoint: HeldCheckpoint) -> bool:
    return policy.every is not None and checkpoint.epoch % policy.every == 0


def _is_among_best(policy: CheckpointPolicy, held: Collection[HeldCheckpoint], now: HeldCheckpoint) -> bool:
    others = [checkpoint for checkpoint in held if checkpoint.epoch != now.epoch]
    return now in _best(policy, [now, *others])


def _best(policy: CheckpointPolicy, held: Iterable[HeldCheckpoint]) -> list[HeldCheckpoint]:
    """Return the best ones by the metric; of equal ones the newer. What has no finite metric never is among them."""

    def rank(checkpoint: HeldCheckpoint) -> tuple[float, int]:
        value = checkpoint.metric or 0.0
        return (value if policy.higher_is_better else -value), checkpoint.epoch

    able = [checkpoint for checkpoint in held if checkpoint.metric is not None and math.isfinite(checkpoint.metric)]
    return sorted(able, key=rank, reverse=True)[: policy.top_k or 0]
