"""The options of the commands that train, and the settings that they make."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from neptune_yolo.cli.arguments import (
    TrainingCommand,
    interruptible,
    option_names,
    setting_options,
    settings_with,
)
from neptune_yolo.exceptions import SettingsError
from neptune_yolo.policies import CheckpointPolicy, DatasetPolicy, PredictionPolicy
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable

NOT_AN_OPTION = {
    "api_token",  # a secret, which other users of the machine would see
    "name",  # Ultralytics' name=
    "run",  # an object
    "checkpoints.max_in_flight",
    "predictions.max_boxes",
}
"""Settings that the command line leaves to their defaults, to the environment or to Ultralytics' words."""


@click.command(cls=TrainingCommand)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
@setting_options
def command(words: tuple[str, ...], **values: Any) -> None:
    """Take options."""
    click.echo(f"words: {words}")
    click.echo(repr(settings_with(NeptuneSettings(), values)))


@pytest.fixture
def settings_of() -> Callable[..., NeptuneSettings]:
    """Return the settings that a command line makes."""

    def read(*arguments: str, base: NeptuneSettings | None = None) -> NeptuneSettings:
        context = command.make_context("command", list(arguments))
        values = {name: value for name, value in context.params.items() if name != "words"}
        return settings_with(base or NeptuneSettings(), values)

    return read


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_without_options_the_settings_stay_as_they_are(settings_of: Callable[..., NeptuneSettings]) -> None:
    own = NeptuneSettings(
        tags=["mine"], mode="sync", checkpoints=CheckpointPolicy(every=3), dataset=DatasetPolicy(track_files=True)
    )

    assert settings_of(base=own) == own
    assert settings_of() == NeptuneSettings()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("--neptune-project a/b", {"project": "a/b"}),
        ("--with-id YOL-12", {"with_id": "YOL-12"}),
        ("--custom-run-id mine", {"custom_run_id": "mine"}),
        ("--description text", {"description": "text"}),
        ("--tags a --tags b", {"tags": ("a", "b")}),
        ("--tags a,b --tags=c", {"tags": ("a", "b", "c")}),
        ("--group-tags a,,b", {"group_tags": ("a", "b")}),
        ("--parent YOL-1", {"parent": "YOL-1"}),
        ("--mode offline", {"mode": Mode.OFFLINE}),
        ("--no-log", {"mode": Mode.OFF}),
        ("--no-log --mode off", {"mode": Mode.OFF}),
        ("--offline-if-unreachable", {"on_unreachable": OnUnreachable.OFFLINE}),
        ("--connect-timeout 2.5", {"connect_timeout_seconds": 2.5}),
        ("--stop-timeout 10", {"stop_timeout_seconds": 10.0}),
        ("--checkpoint-every 5", {"checkpoints": CheckpointPolicy(every=5)}),
        (
            "--checkpoint-every 5 --checkpoint-keep 3 --checkpoint-best --checkpoint-last",
            {"checkpoints": CheckpointPolicy(every=5, keep=3, best=True, last=True)},
        ),
        (
            "--checkpoint-top-k 2 --checkpoint-metric val/box_loss --checkpoint-lower-is-better",
            {"checkpoints": CheckpointPolicy(top_k=2, metric="val/box_loss", higher_is_better=False)},
        ),
        ("--register-model DET", {"register_model": "DET"}),
        ("--predictions 0", {"predictions": PredictionPolicy(images=0)}),
        (
            "--predictions 4 --prediction-every 2 --prediction-confidence 0.5 --prediction-files a,b",
            {"predictions": PredictionPolicy(images=4, every=2, confidence=0.5, files=("a", "b"))},
        ),
        ("--no-class-metrics", {"class_metrics": False}),
        ("--tensorboard", {"tensorboard": True}),
        ("--batch-losses-every 10", {"batch_losses_every": 10}),
        ("--dataset-hash full --track-files", {"dataset": DatasetPolicy(hash="full", track_files=True)}),
        ("--no-hardware-metrics --no-stdout", {"capture_hardware_metrics": False, "capture_stdout": False}),
        ("--stderr --no-traceback", {"capture_stderr": True, "capture_traceback": False}),
        ("--source-files *.py,*.yaml", {"source_files": ("*.py", "*.yaml")}),
        ("--no-git --dependencies infer", {"git_ref": False, "dependencies": "infer"}),
    ],
)
def test_each_option_sets_what_it_names(
    settings_of: Callable[..., NeptuneSettings], arguments: str, expected: dict[str, Any]
) -> None:
    assert settings_of(*arguments.split()) == NeptuneSettings(**expected)


def test_an_option_leaves_the_rest_of_a_policy_alone(settings_of: Callable[..., NeptuneSettings]) -> None:
    own = NeptuneSettings(checkpoints=CheckpointPolicy(every=5, last=True))

    assert settings_of("--checkpoint-keep", "2", base=own).checkpoints == CheckpointPolicy(every=5, last=True, keep=2)


def test_every_setting_has_an_option_or_a_reason() -> None:
    policies = {"checkpoints": CheckpointPolicy, "predictions": PredictionPolicy, "dataset": DatasetPolicy}
    known = {field.name for field in fields(NeptuneSettings)} - set(policies)
    known |= {f"{name}.{field.name}" for name, kind in policies.items() for field in fields(kind)}
    offered = {str(parameter.name).replace("__", ".") for parameter in command.params} - {"words", "no_log"}

    assert offered | NOT_AN_OPTION == known
    assert offered & NOT_AN_OPTION == set()


def test_what_excludes_each_other_is_refused(settings_of: Callable[..., NeptuneSettings]) -> None:
    with pytest.raises(SettingsError, match="--no-log and --mode sync exclude each other"):
        settings_of("--no-log", "--mode", "sync")
    with pytest.raises(SettingsError, match="with_id and custom_run_id"):
        settings_of("--with-id", "YOL-1", "--custom-run-id", "mine")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--checkpoint-every 0", "--checkpoint-every"),
        ("--mode maybe", "'async', 'sync', 'offline', 'debug', 'off'"),
        ("--predictions -1", "--predictions"),
        ("--prediction-confidence 2", "0<=x<=1"),
        ("--stop-timeout 0", "x>0"),
        ("--dataset-hash slow", "'fast', 'full', 'off'"),
    ],
)
def test_a_value_out_of_range_is_a_usage_error(arguments: str, message: str) -> None:
    result = _run(*arguments.split())

    assert result.exit_code == 2
    assert message in result.output


def test_words_of_ultralytics_pass_between_the_options() -> None:
    result = _run("segment", "--epochs=3", "--tags", "a", "imgsz=[64,", "64]", "lr0", "=", "0.1")

    assert "words: ('segment', '--epochs=3', 'imgsz=[64,', '64]', 'lr0', '=', '0.1')" in result.output
    assert "tags=('a',)" in result.output


def test_the_help_has_headings() -> None:
    output = _run("--help").output

    headings = ("Which run:", "How it is sent:", "Checkpoints:", "Metrics and pictures:", "Data set:", "Help:")
    positions = [output.index(f"\n{heading}\n") for heading in headings]
    assert positions == sorted(positions)
    assert all(f"--{name}" in output for name in option_names(command))


def test_ctrl_c_has_the_exit_code_of_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, interruptible():
        raise KeyboardInterrupt

    assert ended.value.code == 130
    assert capsys.readouterr().err == "Interrupted.\n"
