import pytest

from neptune_yolo.tracking.status import Outcome, TrainingState


def raise_it(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        pytest.param(ValueError("no such layer"), TrainingState.FAILED, "ValueError: no such layer", id="error"),
        pytest.param(KeyboardInterrupt(), TrainingState.INTERRUPTED, "KeyboardInterrupt", id="Ctrl+C"),
        pytest.param(SystemExit(3), TrainingState.INTERRUPTED, "SystemExit: exit code 3", id="exit"),
    ],
)
def test_the_exception_tells_how_a_training_ended(error: BaseException, state: TrainingState, reason: str) -> None:
    with pytest.raises(type(error)) as caught:
        raise_it(error)

    outcome = Outcome.of(caught.value)

    assert outcome.state is state
    assert outcome.reason.startswith(reason)
    assert any("raise error" in line for line in outcome.traceback_lines)


def test_a_long_reason_is_cut() -> None:
    assert len(Outcome.of(ValueError("x" * 100_000)).reason) <= 4_000
