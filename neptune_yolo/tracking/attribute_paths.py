"""Every attribute path that a trainer writes, with its type, unit and meaning.

The layout is the one of Ultralytics' former Neptune callback, so that old queries still find their values; what is new
stands beside it. The table in the README is made from `ATTRIBUTES`, and a test holds a real training against it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

HYPERPARAMETERS = "Configuration/Hyperparameters"
MODEL = "Configuration/Model"
MODEL_ARCHITECTURE = f"{MODEL}/architecture"
MODEL_LAYERS = f"{MODEL}/layers"
FINAL = "final"
MOSAIC = "Mosaic"
VALIDATION = "Validation"
PLOTS = "Plots"
WEIGHTS = "weights"
STATUS = "training/status"
REASON = "training/reason"
EPOCHS_COMPLETED = "training/epochs_completed"
EPOCHS_PLANNED = "training/epochs_planned"
SAVE_DIR = "training/save_dir"
STARTED_AT = "training/started_at"
ENDED_AT = "training/ended_at"
LOG_ERRORS = "training/log_errors"
RESULTS = "training/results"
INTEGRATION_VERSION = "source_code/integrations/neptune-yolo"
FAILED = "sys/failed"
GROUP_TAGS = "sys/group_tags"


class AttributeType(StrEnum):
    """Types of attributes, in Neptune's words."""

    FLOAT = "float"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRING = "string"
    DATETIME = "datetime"
    FLOAT_SERIES = "float series"
    STRING_SERIES = "string series"
    STRING_SET = "string set"
    FILE = "file"
    ANY_ATOM = "boolean, integer, float or string"


@dataclass(frozen=True)
class Attribute:
    """One attribute, or one family of attributes.

    Args:
        path: Path in the run; a part in braces stands for any name.
        type: Type of the attribute.
        unit: Unit of its values; empty if they have none.
        meaning: What it holds, in one sentence.
    """

    path: str
    type: AttributeType
    unit: str
    meaning: str

    def matches(self, path: str) -> bool:
        """Return whether a path is this attribute or belongs to this family."""
        pattern = re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(self.path))
        return re.fullmatch(pattern, path) is not None


_T = AttributeType

ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(
        f"{HYPERPARAMETERS}/{{argument}}",
        _T.ANY_ATOM,
        "",
        "Each Ultralytics argument with its type; lists and dictionaries as JSON text, None as empty text.",
    ),
    Attribute(MODEL_ARCHITECTURE, _T.FILE, "", "The model's layers as Ultralytics' YAML."),
    Attribute(MODEL_LAYERS, _T.INTEGER, "", "Number of modules of the model, leaves only."),
    Attribute(f"{MODEL}/model/parameters", _T.INTEGER, "", "Number of parameters."),
    Attribute(f"{MODEL}/model/GFLOPs", _T.FLOAT, "10^9 operations", "Cost of one image of the training's size."),
    Attribute(f"{MODEL}/model/speed_PyTorch(ms)", _T.FLOAT, "ms", "Inference of one image in the first validation."),
    Attribute("train/{loss}", _T.FLOAT_SERIES, "", "Training losses, the mean of each epoch; step = epoch, from 1."),
    Attribute("val/{loss}", _T.FLOAT_SERIES, "", "Validation losses, only at epochs that were validated."),
    Attribute("metrics/{metric}", _T.FLOAT_SERIES, "", "Validation metrics, only at epochs that were validated."),
    Attribute("lr/{group}", _T.FLOAT_SERIES, "", "Learning rate of each parameter group at the end of each epoch."),
    Attribute(f"{FINAL}/metrics/{{metric}}", _T.FLOAT, "", "Metrics of the last evaluation, which uses best.pt."),
    Attribute(f"{MOSAIC}/{{picture}}", _T.FILE, "", "Training batches, as the model sees them."),
    Attribute(f"{VALIDATION}/{{picture}}", _T.FILE, "", "Validation batches with their labels or predictions."),
    Attribute(f"{PLOTS}/{{plot}}", _T.FILE, "", "Every other plot: curves, confusion matrices, labels, results."),
    Attribute(f"{WEIGHTS}/best", _T.FILE, "", "best.pt (the former callback: weights/<name>/best.pt)."),
    Attribute(f"{WEIGHTS}/last", _T.FILE, "", "last.pt; it can be resumed if the training did not complete."),
    Attribute(RESULTS, _T.FILE, "", "results.csv, as Ultralytics left it."),
    Attribute(STATUS, _T.STRING, "", "running, completed, failed or interrupted."),
    Attribute(REASON, _T.STRING, "", "Why the training failed or was interrupted."),
    Attribute(EPOCHS_COMPLETED, _T.INTEGER, "epochs", "Epochs that were finished."),
    Attribute(EPOCHS_PLANNED, _T.INTEGER, "epochs", "Epochs that were asked for."),
    Attribute(SAVE_DIR, _T.STRING, "", "Folder of the training on the machine where it ran."),
    Attribute(STARTED_AT, _T.DATETIME, "UTC", "When the trainer opened the run."),
    Attribute(ENDED_AT, _T.DATETIME, "UTC", "When the training ended, for whatever reason."),
    Attribute(LOG_ERRORS, _T.STRING, "", "Errors of logging, with their number; absent if there were none."),
    Attribute(INTEGRATION_VERSION, _T.STRING, "", "Version of neptune_yolo."),
    Attribute(FAILED, _T.BOOLEAN, "", "True if the training failed."),
    Attribute(GROUP_TAGS, _T.STRING_SET, "", "Group tags from the settings."),
    Attribute("monitoring/{process}/traceback", _T.STRING_SERIES, "", "Traceback of the exception that ended it."),
)


def checkpoint_path(stem: str) -> str:
    """Return the attribute path of a checkpoint file, such as ``weights/best`` for ``best.pt``."""
    return f"{WEIGHTS}/{stem}"
