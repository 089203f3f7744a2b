import logging
import threading

import pytest

from neptune_yolo.tracking.error_ledger import BackgroundErrors, ErrorLedger


def test_an_error_is_caught_counted_and_reported_once(caplog: pytest.LogCaptureFixture) -> None:
    ledger = ErrorLedger()

    for _ in range(3):
        with ledger.guard("uploading a plot"):
            raise OSError(28, "No space left on device")

    assert ledger.total == 3
    assert ledger.summary() == "3 x uploading a plot: OSError"
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 1
    assert "No space left on device" in warnings[0].getMessage()
    assert warnings[0].name.startswith("neptune_yolo")


def test_errors_of_another_kind_are_reported_as_well(caplog: pytest.LogCaptureFixture) -> None:
    ledger = ErrorLedger()

    with ledger.guard("uploading a plot"):
        raise OSError
    with ledger.guard("uploading a plot"):
        raise ValueError("bad\nsecond line")

    assert ledger.summary().splitlines() == ["1 x uploading a plot: OSError", "1 x uploading a plot: ValueError"]
    assert len(caplog.records) == 2
    assert "second line" not in caplog.records[1].getMessage()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_passes(interruption: type[BaseException]) -> None:
    ledger = ErrorLedger()

    with pytest.raises(interruption), ledger.guard("anything"):
        raise interruption

    assert ledger.total == 0


def test_nothing_is_said_when_nothing_failed(caplog: pytest.LogCaptureFixture) -> None:
    ledger = ErrorLedger()

    with ledger.guard("anything"):
        pass

    assert ledger.summary() == ""
    assert not caplog.records


def test_threads_may_fail_at_once() -> None:
    ledger = ErrorLedger()

    def fail() -> None:
        for _ in range(500):
            with ledger.guard("anything"):
                raise ValueError

    threads = [threading.Thread(target=fail) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ledger.total == 2000


def test_errors_of_the_clients_threads_are_counted_while_one_listens() -> None:
    ledger = ErrorLedger()
    background = BackgroundErrors(ledger)
    client = logging.getLogger("neptune")

    background.start()
    client.error("Error occurred during asynchronous operation processing: %s", "wrong type\nmore")
    client.warning("nothing serious")
    background.close()
    client.error("of another run")

    assert ledger.summary() == (
        "1 x sending in the background: Error occurred during asynchronous operation processing: wrong type"
    )


def test_errors_that_differ_in_names_and_numbers_are_of_one_kind() -> None:
    ledger = ErrorLedger()

    ledger.record("sending", "Step 3 of 'train/box_loss' is not above 5; it was not stored.")
    ledger.record("sending", "Step 3 of 'lr/pg0' is not above 7; it was not stored.")
    ledger.record("sending", "The attribute 'a' has another type.")

    assert ledger.total == 3
    assert ledger.summary().splitlines() == [
        "2 x sending: Step 3 of 'train/box_loss' is not above 5; it was not stored.",
        "1 x sending: The attribute 'a' has another type.",
    ]
