"""The mixin around a stand-in for an Ultralytics trainer: what does not need a training."""

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cloudpickle
import pytest

from neptune_yolo.exceptions import RunNotAvailableError, RunNotPortableError, SettingsError
from neptune_yolo.settings import Mode, NeptuneSettings
from neptune_yolo.tracking.model_registry import check_model_of_project
from neptune_yolo.tracking.resume import read_note
from neptune_yolo.trainers.mixin import NeptuneTrainerMixin


class StandInTrainer:
    """The parts of a trainer that the mixin touches before a training."""

    def __init__(self, _cfg: Any, overrides: Any, _callbacks: Any) -> None:
        overrides = overrides or {}
        self.ddp = overrides.get("ddp", False)
        self.args = SimpleNamespace(name="train", project=None, epochs=2)
        self.epochs = 2
        self.epoch = 0
        self.save_dir = Path.cwd() / "runs"
        self.best = self.save_dir / "weights" / "best.pt"
        self.last = self.save_dir / "weights" / "last.pt"
        self.metrics = {"metrics/mAP50(B)": 0}
        self.saved: list[Any] = []
        self.plots: list[Any] = []
        if overrides.get("fail"):
            self.before_failure()
            raise RuntimeError("bad data set")

    def before_failure(self) -> None:
        """Do what a callback at the beginning might do."""

    def train(self) -> str:
        return "trained"

    def save_metrics(self, metrics: Any) -> None:
        self.saved.append(metrics)

    def run_callbacks(self, event: str) -> None:
        """There are none."""

    def on_plot(self, name: Any, data: Any = None) -> None:
        self.plots.append((name, data))


SETTINGS = NeptuneSettings(
    mode="offline",
    source_files=(),
    git_ref=False,
    capture_hardware_metrics=False,
    capture_stdout=False,
    capture_stderr=False,
)


class OfflineTrainer(NeptuneTrainerMixin, StandInTrainer):
    neptune = SETTINGS


def test_with_settings_makes_a_subclass() -> None:
    configured = OfflineTrainer.with_settings(tags=["night"], mode="debug")

    assert issubclass(configured, OfflineTrainer)
    assert "Trainer" in configured.__name__
    assert configured.neptune.mode is Mode.DEBUG
    assert configured.neptune.tags == ("night",)
    assert configured.neptune.git_ref is False
    assert OfflineTrainer.neptune is SETTINGS


def test_ultralytics_recognizes_the_subclass_of_every_class_by_its_name() -> None:
    class Mine(OfflineTrainer):
        pass

    assert "Trainer" in Mine.with_settings().__name__


def test_whole_settings_may_be_given() -> None:
    settings = NeptuneSettings(name="a")

    assert OfflineTrainer.with_settings(settings).neptune == settings
    assert OfflineTrainer.with_settings(settings, name="b").neptune == NeptuneSettings(name="b")


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"stop_timeout_seconds.*got 'checkpoint'"):
        OfflineTrainer.with_settings(checkpoint=5)


def test_a_configured_class_survives_the_way_to_another_process(tmp_path: Path) -> None:
    from neptune_yolo.trainers.detection import NeptuneDetectionTrainer

    file = tmp_path / "trainer.pickle"
    buffer = io.BytesIO()
    cloudpickle.dump(NeptuneDetectionTrainer.with_settings(project="team/traffic", tags=["ä"]), buffer)
    file.write_bytes(buffer.getvalue())
    program = """
import pickle, sys
trainer = pickle.load(open(sys.argv[1], "rb"))
from neptune_yolo import NeptuneDetectionTrainer
assert issubclass(trainer, NeptuneDetectionTrainer)
print(ascii((trainer.__name__, trainer.neptune.project, trainer.neptune.tags)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)], check=False, capture_output=True, text=True, timeout=120
    )

    assert done.stdout.splitlines()[-1:] == ["('ConfiguredNeptuneDetectionTrainer', 'team/traffic', ('\\xe4',))"], (
        done.stderr
    )


def test_the_process_that_only_starts_others_has_no_run() -> None:
    trainer = OfflineTrainer(overrides={"ddp": True})

    with pytest.raises(RunNotAvailableError, match="not opened yet"):
        _ = trainer.run
    assert trainer.train() == "trained"
    assert not Path(".neptune").exists()


def test_a_live_run_cannot_be_sent_to_other_processes() -> None:
    trainer = OfflineTrainer.with_settings(NeptuneSettings(run=object()))(overrides={"ddp": True})

    with pytest.raises(RunNotPortableError, match="with_id"):
        trainer.train()


@pytest.fixture
def rank_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neptune_yolo.trainers.mixin.RANK", 1)


@pytest.mark.usefixtures("rank_one")
def test_other_ranks_log_nothing() -> None:
    trainer = OfflineTrainer()

    trainer.run["custom/loss"].append(0.5, step=1)
    trainer.save_metrics({"train/loss": 1.0})

    assert trainer.train() == "trained"
    assert trainer.saved == [{"train/loss": 1.0}]
    assert trainer.run_id is None
    assert not Path(".neptune").exists()


def test_the_run_is_opened_once_and_stopped_at_the_end() -> None:
    trainer = OfflineTrainer()
    run = trainer.run

    assert trainer.run is run
    assert trainer.train() == "trained"
    assert trainer.run is run
    assert run.get_state() == "stopped"


def test_a_second_training_gets_a_run_of_its_own() -> None:
    trainer = OfflineTrainer()

    trainer.train()
    first = trainer.run
    trainer.train()

    assert trainer.run is not first


def test_a_run_that_was_handed_in_is_used_and_left_open() -> None:
    first = OfflineTrainer()
    run = first.run

    trainer = OfflineTrainer.with_settings(NeptuneSettings(run=run))()
    trainer.train()

    assert trainer.run is run
    assert run.get_state() == "started"
    first.train()


def test_a_run_that_was_opened_before_the_set_up_failed_is_closed() -> None:
    opened = []

    class EarlyTrainer(OfflineTrainer):
        def before_failure(self) -> None:
            opened.append(self.run)

    with pytest.raises(RuntimeError, match="bad data set"):
        EarlyTrainer(overrides={"fail": True})

    assert [run.get_state() for run in opened] == ["stopped"]


def test_plots_after_the_end_are_harmless(tmp_path: Path) -> None:
    plot = tmp_path / "late.png"
    plot.write_bytes(b"x")
    trainer = OfflineTrainer()
    trainer.train()

    trainer.on_plot(plot)

    assert trainer.plots == [(plot, None)]


def test_errors_of_logging_do_not_end_the_training() -> None:
    trainer = OfflineTrainer()
    trainer.run.stop()

    trainer.save_metrics({"train/loss": 1.0})

    assert trainer.train() == "trained"


@pytest.mark.parametrize(("mode", "switch"), [("off", ""), ("offline", "1"), ("offline", "True")])
def test_logging_is_switched_off_by_a_setting_or_a_variable(
    monkeypatch: pytest.MonkeyPatch, mode: str, switch: str
) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_OFF", switch)
    trainer = OfflineTrainer.with_settings(mode=mode)()

    trainer.run["custom/loss"].append(0.5, step=1)
    assert trainer.train() == "trained"
    trainer.save_metrics({"train/loss": 1.0})

    assert trainer.run_id is None
    assert not Path(".neptune").exists()
    assert not (trainer.save_dir / "neptune.json").exists()


def test_the_switch_must_be_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_OFF", "perhaps")

    with pytest.raises(SettingsError, match="NEPTUNE_YOLO_OFF must be one of 0, 1"):
        OfflineTrainer().train()


def test_the_folder_holds_a_note_of_the_run() -> None:
    trainer = OfflineTrainer()
    trainer.train()

    note = read_note(trainer.save_dir)
    assert note is not None
    assert note.run_id is None
    assert note.custom_run_id
    assert [Path(queue).parent.name for queue in note.queues] == ["offline"]
    assert read_note(Path(note.queues[0])) == note


def test_settings_of_another_kind_are_refused() -> None:
    class Mine(OfflineTrainer):
        neptune = {"project": "a/b"}  # type: ignore[assignment] # noqa: RUF012 - the mistake that is tested

    with pytest.raises(SettingsError, match="must be a NeptuneSettings"):
        Mine()


def test_an_exception_as_the_training_ends_is_its_outcome() -> None:
    class Mine(OfflineTrainer):
        def log_end(self, outcome: Any) -> None:
            super().log_end(outcome)
            raise ValueError("at the end")

    trainer = Mine()
    with pytest.raises(ValueError, match="at the end"):
        trainer.train()

    assert trainer.run.get_state() == "stopped"
    (queue,) = Path(".neptune", "offline").iterdir()
    assert '"failed"' in (queue / "data-1.log").read_text(encoding="utf-8")


def test_an_exception_of_a_drawing_thread_ends_the_training_at_its_next_batch(tmp_path: Path) -> None:
    class Mine(OfflineTrainer):
        def log_plot(self, file: Path, data: Any) -> None:  # noqa: ARG002 - the same signature
            raise ValueError("in a thread")

    trainer = Mine()
    assert trainer.run
    with pytest.raises(ValueError, match="in a thread"):
        trainer.on_plot(tmp_path / "a.png")
    with pytest.raises(ValueError, match="in a thread"):
        trainer.run_callbacks("on_train_batch_end")
    trainer.run_callbacks("teardown")
    trainer.train()


def test_a_model_of_another_project_is_refused() -> None:
    check_model_of_project("DET", "YOL-1")
    check_model_of_project("YOL-DET", "YOL-1")
    check_model_of_project("POL-DET", None)
    with pytest.raises(SettingsError, match="register_model='DET'"):
        check_model_of_project("POL-DET", "YOL-1")
