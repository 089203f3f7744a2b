"""Settings of a trainer: which run is logged, where it goes, and what the client records by itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.policies import CheckpointPolicy, DatasetPolicy, PredictionPolicy, check_whole


class Mode(StrEnum):
    """How the client sends what is logged."""

    ASYNC = "async"
    """In the background, through a queue on disk: training is never held up."""
    SYNC = "sync"
    """At once: each logged value waits for the server. For debugging only."""
    OFFLINE = "offline"
    """Into the queue on disk only; ``neptune-yolo sync`` sends it later."""
    DEBUG = "debug"
    """Nothing is sent or kept."""
    OFF = "off"
    """There is no run: the trainer is the bare Ultralytics trainer."""

    @property
    def is_online(self) -> bool:
        """Whether what is logged goes to a server."""
        return self in (Mode.ASYNC, Mode.SYNC)


class OnUnreachable(StrEnum):
    """What happens when the server does not answer before the training begins."""

    RAISE = "raise"
    """The training does not start."""
    OFFLINE = "offline"
    """The training starts, and the run is kept on disk for ``neptune-yolo sync``."""


@dataclass(frozen=True, kw_only=True)
class NeptuneSettings:
    """Settings of the run that a trainer logs.

    A value that is None leaves the choice to what comes next: the client's environment variable, where there is one,
    then Ultralytics' arguments, then the default.

    Args:
        project: Project as ``workspace/name``. None: NEPTUNE_PROJECT, then Ultralytics' ``project=`` if it has that
            form, then ``local/yolo`` on the embedded server.
        api_token: API token of a server. None: NEPTUNE_API_TOKEN, then the embedded server.
        mode: How the client sends what is logged. None: NEPTUNE_MODE, then ``async``. ``off`` switches logging off, as
            NEPTUNE_YOLO_OFF does whatever the settings say.
        name: Name of the run. None: Ultralytics' ``name=``, as completed by Ultralytics (``train``, ``train2``...).
        description: Description of the run.
        tags: Tags of the run. The default is the tag that the former Ultralytics callback gave.
        group_tags: Group tags of the run.
        custom_run_id: Identifier shared by processes that log to one run, at most 36 characters. None:
            NEPTUNE_CUSTOM_RUN_ID.
        with_id: Id of a run to go on with, such as ``YOL-7``. None: a new run, or the run of the checkpoint that
            Ultralytics resumes.
        run: A run that is already open (``neptune.Run``). It is used as it is and left open: who opens a run closes it.
        checkpoints: Which checkpoints are uploaded while training, and how many stay on the server.
        predictions: Which validation images are shown with their labels and predictions, and how often.
        dataset: What is recorded of the data set.
        class_metrics: Record precision, recall and AP of each class at each validated epoch.
        batch_losses_every: Record the losses of every this many training batches. None: of none.
        tensorboard: Write what is logged as TensorBoard event files into the training's folder, too: series, pictures
            and arguments, with attribute paths as tags. Needs the extra ``tensorboard``.
        register_model: Model of the server's model registry, by its id (``YOL-DET``) or key (``DET``), in which best.pt
            becomes a version as the training ends; it is made if it does not exist. None: best.pt is not registered.
        parent: Id of the run that this one belongs to, such as that of a k-fold or a search. None: it stands alone.
        on_unreachable: What to do if the server does not answer before the training begins.
        connect_timeout_seconds: Seconds to wait for the server's first answer.
        stop_timeout_seconds: Seconds to wait, at the end, until everything is sent. What is left then stays on disk.
        capture_hardware_metrics: Record processor, memory and GPU load. None: the client's default.
        capture_stdout: Record the standard output. None: the client's default.
        capture_stderr: Record the standard error. None: the client's default.
        capture_traceback: Record the traceback of an exception that ends the training.
        source_files: Patterns of source files to upload. None: the script that was started; empty: none.
        git_ref: False: no Git information; a path: the repository there. None: the repository of the script.
        dependencies: ``"infer"`` records the installed packages; a path uploads that requirements file. None: nothing.

    Raises:
        SettingsError: If a value is not one of its choices, or two values exclude each other.
    """

    project: str | None = None
    api_token: str | None = field(default=None, repr=False)
    mode: Mode | str | None = None
    name: str | None = None
    description: str | None = None
    tags: Iterable[str] = ("Ultralytics",)
    group_tags: Iterable[str] = ()
    custom_run_id: str | None = None
    with_id: str | None = None
    run: Any = field(default=None, repr=False)
    checkpoints: CheckpointPolicy = field(default_factory=CheckpointPolicy)
    predictions: PredictionPolicy = field(default_factory=PredictionPolicy)
    dataset: DatasetPolicy = field(default_factory=DatasetPolicy)
    class_metrics: bool = True
    batch_losses_every: int | None = None
    tensorboard: bool = False
    register_model: str | None = None
    parent: str | None = None
    on_unreachable: OnUnreachable | str = OnUnreachable.RAISE
    connect_timeout_seconds: float = 5.0
    stop_timeout_seconds: float = 300.0
    capture_hardware_metrics: bool | None = None
    capture_stdout: bool | None = None
    capture_stderr: bool | None = None
    capture_traceback: bool = True
    source_files: Iterable[str] | None = None
    git_ref: bool | str | None = None
    dependencies: str | None = None

    def __post_init__(self) -> None:
        """Bring enums and collections into one form, and refuse what cannot be meant."""
        if self.mode is not None:
            object.__setattr__(self, "mode", parse_mode(self.mode, "NeptuneSettings(mode=...)"))
        object.__setattr__(self, "on_unreachable", _choice(OnUnreachable, self.on_unreachable, "on_unreachable"))
        self._check_types()
        for name in ("tags", "group_tags"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        if self.source_files is not None:
            object.__setattr__(self, "source_files", _texts("source_files", self.source_files))
        for name in ("connect_timeout_seconds", "stop_timeout_seconds"):
            _check_positive(name, getattr(self, name))
        for name, kind in _POLICIES.items():
            if not isinstance(getattr(self, name), kind):
                raise SettingsError(f"{name} must be a {kind.__name__}; got {getattr(self, name)!r}.")
        check_whole("batch_losses_every", self.batch_losses_every, optional=True)
        self._check_exclusive_settings()

    def _check_types(self) -> None:
        for name in _TEXTS:
            value = getattr(self, name)
            if value is not None and (not isinstance(value, str) or not (value.strip() or name in _MAY_BE_EMPTY)):
                raise SettingsError(f"{name} must be a text that is not empty, or None; got {value!r}.")
        for name in _SWITCHES:
            value = getattr(self, name)
            if not isinstance(value, bool) and not (value is None and name.startswith("capture_")):
                raise SettingsError(f"{name} must be True or False; got {value!r}.")
        if self.register_model is not None and not _MODEL.fullmatch(self.register_model):
            raise SettingsError(
                "register_model must be the key of a model, such as 'DET' (capital letters, digits and _), or its id, "
                f"such as 'YOL-DET', which begins with the key of the run's project; got {self.register_model!r}."
            )
        if isinstance(self.run, str | int):
            raise SettingsError(
                f"run must be an open neptune.Run; got {self.run!r}. To go on with a run by its id, use with_id=..."
            )

    def _check_exclusive_settings(self) -> None:
        if self.with_id is not None and self.custom_run_id is not None:
            raise SettingsError("with_id and custom_run_id both name the run to go on with; give only one of them.")
        if self.custom_run_id is not None and not 1 <= len(self.custom_run_id) <= _CUSTOM_RUN_ID_LENGTH:
            raise SettingsError(
                f"custom_run_id must have 1 to {_CUSTOM_RUN_ID_LENGTH} characters; got {self.custom_run_id!r}.",
            )
        if self.run is not None:
            given = [n for n in ("with_id", "custom_run_id", "project", "api_token", "mode") if getattr(self, n)]
            if given:
                raise SettingsError(
                    f"run=... is already open, so {', '.join(given)} can no longer be chosen; leave {given[0]} out.",
                )


_CUSTOM_RUN_ID_LENGTH = 36  # the client ignores longer ones
_TEXTS = ("project", "api_token", "name", "description", "custom_run_id", "with_id", "register_model", "parent")
_MAY_BE_EMPTY = ("description", "custom_run_id", "project")  # the last two have rules of their own
_CAPTURES = ("capture_hardware_metrics", "capture_stdout", "capture_stderr", "capture_traceback")
_SWITCHES = ("class_metrics", "tensorboard", *_CAPTURES)
_MODEL = re.compile(r"([A-Z0-9_]+-)?[A-Z][A-Z0-9_]*")
_POLICIES = {"checkpoints": CheckpointPolicy, "predictions": PredictionPolicy, "dataset": DatasetPolicy}


def parse_mode(value: str, source: str) -> Mode:
    """Return the mode that a text names.

    Args:
        value: One of ``async``, ``sync``, ``offline``, ``debug``, ``off``.
        source: Where the text comes from, for the error message.

    Raises:
        SettingsError: If the text names no mode that a training can log in.
    """
    return _choice(Mode, value, source)


_Choice = TypeVar("_Choice", bound=StrEnum)


def _choice(kind: type[_Choice], value: str, name: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise SettingsError.for_choice(name, value, kind) from None


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, Iterable):
        raise SettingsError(f"{name} must be a text or several; got {value!r}.")
    texts = []
    for text in value:
        if not isinstance(text, str) or not text:
            raise SettingsError(f"{name} must hold non-empty texts; got {text!r}.")
        texts.append(text)
    return tuple(texts)


def _check_positive(name: str, seconds: object) -> None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        raise SettingsError(f"{name} must be a positive number of seconds; got {seconds!r}.")
