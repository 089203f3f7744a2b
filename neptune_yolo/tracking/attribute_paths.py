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
SERIES = "series"
WEIGHTS = "weights"
CHECKPOINTS = "checkpoints"
CHECKPOINTS_SKIPPED = f"{CHECKPOINTS}/skipped"
MODEL_REGISTRY = "model_registry"
STATUS = "training/status"
REASON = "training/reason"
EPOCHS_COMPLETED = "training/epochs_completed"
EPOCHS_PLANNED = "training/epochs_planned"
STEP_OFFSET = "training/step_offset"
RESUMES = "training/resumes"
SAVE_DIR = "training/save_dir"
STARTED_AT = "training/started_at"
ENDED_AT = "training/ended_at"
LOG_ERRORS = "training/log_errors"
RESULTS = "training/results"
INTEGRATION_VERSION = "source_code/integrations/neptune-yolo"
FAILED = "sys/failed"
GROUP_TAGS = "sys/group_tags"
CLASS_METRICS = "metrics/per_class"
CLASS_METRICS_LIMIT = "training/per_class_limit"
FITNESS = "metrics/fitness"
BATCH = "batch"
SPEED = "speed"
EPOCH_SECONDS = "epoch/time_seconds"
IMAGES_PER_SECOND = "epoch/images_per_second"
GPU_MEMORY = "epoch/gpu_memory_GiB"
BEST = "best"
LAST = "last"
PREDICTIONS = "predictions"
DATASET = "dataset"
DATASET_NAME = f"{DATASET}/name"
DATASET_PATH = f"{DATASET}/path"
DATASET_YAML = f"{DATASET}/yaml"
DATASET_CLASSES = f"{DATASET}/classes"
DATASET_CLASS_COUNT = f"{DATASET}/nc"
DATASET_CLASS_TABLE = f"{DATASET}/class_table"
DATASET_HASH = f"{DATASET}/hash"
DATASET_HASH_KIND = f"{DATASET}/hash_kind"
DATASET_FORMER_HASH = f"{DATASET}/former_hash"
DATASET_CHANGED_AT = f"{DATASET}/changed_at_epoch"
DATASET_FILES = f"{DATASET}/files"
ENVIRONMENT = "environment"
PARENT = "lineage/parent"
CHILDREN = "lineage/children"
CHILD_METRICS = "lineage/metrics"
TUNE = "tune"
TUNE_FITNESS = f"{TUNE}/fitness"
TUNE_TRIALS = f"{TUNE}/trials"
TUNE_PLANNED = f"{TUNE}/trials_planned"
TUNE_COMPLETED = f"{TUNE}/trials_completed"
TUNE_FAILED = f"{TUNE}/trials_failed"
TUNE_PLAN = f"{TUNE}/plan"
TUNE_RESULTS = f"{TUNE}/results"
TUNE_SPACE = f"{TUNE}/space"
TUNE_METRICS = f"{TUNE}/metrics"
TUNE_BEST = f"{TUNE}/best"
TUNE_BEST_FILE = f"{TUNE}/best_hyperparameters"
TUNE_PLOTS = f"{TUNE}/plots"


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
    IMAGE_SERIES = "image series"
    ARTIFACT = "artifact"
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
        "Each Ultralytics argument as the training used it (`optimizer=auto` becomes the one that was chosen), with "
        "its type; lists and dictionaries as JSON text, None as empty text.",
    ),
    Attribute(MODEL_ARCHITECTURE, _T.FILE, "", "The model's layers as Ultralytics' YAML."),
    Attribute(MODEL_LAYERS, _T.INTEGER, "", "Number of modules of the model, leaves only."),
    Attribute(f"{MODEL}/model/parameters", _T.INTEGER, "", "Number of parameters."),
    Attribute(f"{MODEL}/model/GFLOPs", _T.FLOAT, "10^9 operations", "Cost of one image of the training's size."),
    Attribute(f"{MODEL}/model/speed_PyTorch(ms)", _T.FLOAT, "ms", "Inference of one image in the first validation."),
    Attribute("train/{loss}", _T.FLOAT_SERIES, "", "Training losses, the mean of each epoch; step = epoch, from 1."),
    Attribute("val/{loss}", _T.FLOAT_SERIES, "", "Validation losses, only at epochs that were validated."),
    Attribute("metrics/{metric}", _T.FLOAT_SERIES, "", "Validation metrics and fitness, at validated epochs."),
    Attribute(
        f"{CLASS_METRICS}/{{class}}/{{metric}}",
        _T.FLOAT_SERIES,
        "",
        "Precision, recall, AP, accuracy or IoU of a class with labels; at most 100 classes and 400 series.",
    ),
    Attribute(CLASS_METRICS_LIMIT, _T.STRING, "", "Which classes have series of their own; absent if all have."),
    Attribute(f"{BATCH}/{{loss}}", _T.FLOAT_SERIES, "", "Losses of single batches on request; step = epochs done."),
    Attribute(f"{SPEED}/{{stage}}", _T.FLOAT_SERIES, "ms", "Time of the validation's stages for one image."),
    Attribute(EPOCH_SECONDS, _T.FLOAT_SERIES, "s", "Time of each epoch with its validation."),
    Attribute(IMAGES_PER_SECOND, _T.FLOAT_SERIES, "1/s", "Images of the training set by the time without validation."),
    Attribute(GPU_MEMORY, _T.FLOAT_SERIES, "GiB", "Memory that torch has reserved on the first GPU, if any."),
    Attribute(f"{BEST}/epoch", _T.INTEGER, "", "Epoch of the highest fitness so far: that of best.pt."),
    Attribute(f"{BEST}/fitness", _T.FLOAT, "", "Its fitness, by which Ultralytics compares epochs."),
    Attribute(f"{BEST}/metrics/{{metric}}", _T.FLOAT, "", "Its validation metrics."),
    Attribute(f"{BEST}/val/{{loss}}", _T.FLOAT, "", "Its validation losses."),
    Attribute(f"{LAST}/epoch", _T.INTEGER, "", "The last epoch that was validated."),
    Attribute(f"{LAST}/fitness", _T.FLOAT, "", "Its fitness."),
    Attribute(f"{LAST}/metrics/{{metric}}", _T.FLOAT, "", "Its validation metrics."),
    Attribute(f"{LAST}/val/{{loss}}", _T.FLOAT, "", "Its validation losses."),
    Attribute("lr/{group}", _T.FLOAT_SERIES, "", "Learning rate of each parameter group at the end of each epoch."),
    Attribute(f"{FINAL}/metrics/{{metric}}", _T.FLOAT, "", "Metrics of the last evaluation, which uses best.pt."),
    Attribute(f"{MOSAIC}/{{picture}}", _T.FILE, "", "Training batches, as the model sees them."),
    Attribute(f"{VALIDATION}/{{picture}}", _T.FILE, "", "Validation batches with their labels or predictions."),
    Attribute(f"{PLOTS}/{{plot}}", _T.FILE, "", "Every other plot: curves, confusion matrices, labels, results."),
    Attribute(
        f"{MOSAIC}/{SERIES}/{{picture}}",
        _T.IMAGE_SERIES,
        "",
        "Training batches by their number within the epoch: the first ones, and those after mosaic was switched off.",
    ),
    Attribute(f"{VALIDATION}/{SERIES}/{{picture}}", _T.IMAGE_SERIES, "", "Validation batches over the epochs."),
    Attribute(f"{PLOTS}/{SERIES}/{{plot}}", _T.IMAGE_SERIES, "", "Plots that were drawn at more than one epoch."),
    Attribute(
        f"{PLOTS}/data/{{plot}}",
        _T.FILE,
        "",
        "Curves, confusion matrix or values of classes as JSON; schema in neptune_yolo.tracking.curve_data.",
    ),
    Attribute(f"{PLOTS}/charts/{{plot}}", _T.FILE, "", "The same as an interactive chart: one HTML file, no script."),
    Attribute(f"{WEIGHTS}/best", _T.FILE, "", "best.pt (the former callback: weights/<name>/best.pt)."),
    Attribute(f"{WEIGHTS}/last", _T.FILE, "", "last.pt; it can be resumed if the training did not complete."),
    Attribute(f"{WEIGHTS}/epoch_{{n}}", _T.FILE, "", "Checkpoint of one epoch, as the checkpoint policy asks."),
    Attribute(f"{CHECKPOINTS}/{{name}}/epoch", _T.INTEGER, "epochs", "Epoch after which weights/<name> was saved."),
    Attribute(f"{CHECKPOINTS}/{{name}}/size_bytes", _T.INTEGER, "bytes", "Size of weights/<name>."),
    Attribute(f"{CHECKPOINTS}/{{name}}/sha256", _T.STRING, "", "SHA-256 of weights/<name>, in hexadecimal."),
    Attribute(f"{CHECKPOINTS}/{{name}}/saved_at", _T.DATETIME, "UTC", "When weights/<name> was saved."),
    Attribute(f"{CHECKPOINTS}/{{name}}/metrics/{{metric}}", _T.FLOAT, "", "Validation metrics of that epoch; fitness."),
    Attribute(CHECKPOINTS_SKIPPED, _T.INTEGER, "", "Checkpoints given up because the network was too slow."),
    Attribute(f"{MODEL_REGISTRY}/model_id", _T.STRING, "", "Id of the model that best.pt became a version of."),
    Attribute(f"{MODEL_REGISTRY}/version_id", _T.STRING, "", "Id of the model version that holds best.pt."),
    Attribute(RESULTS, _T.FILE, "", "results.csv, as Ultralytics left it."),
    Attribute(STATUS, _T.STRING, "", "running, completed, failed or interrupted."),
    Attribute(REASON, _T.STRING, "", "Why the training failed or was interrupted."),
    Attribute(EPOCHS_COMPLETED, _T.INTEGER, "epochs", "Step of the last epoch that was logged."),
    Attribute(EPOCHS_PLANNED, _T.INTEGER, "epochs", "Step of the last epoch that is asked for."),
    Attribute(STEP_OFFSET, _T.INTEGER, "epochs", "Step of the run before a further training began; absent if 0."),
    Attribute(f"{RESUMES}/{{number}}/at", _T.DATETIME, "UTC", "When the run was continued."),
    Attribute(f"{RESUMES}/{{number}}/from_epoch", _T.INTEGER, "epochs", "Epoch, from 1, with which it went on."),
    Attribute(f"{RESUMES}/{{number}}/from_step", _T.INTEGER, "epochs", "First step that was added to the run."),
    Attribute(f"{RESUMES}/{{number}}/host", _T.STRING, "", "Machine on which it was continued."),
    Attribute(f"{RESUMES}/{{number}}/checkpoint", _T.STRING, "", "Checkpoint it went on from; empty for a new start."),
    Attribute(SAVE_DIR, _T.STRING, "", "Folder of the training on the machine where it ran."),
    Attribute(STARTED_AT, _T.DATETIME, "UTC", "When the trainer opened the run."),
    Attribute(ENDED_AT, _T.DATETIME, "UTC", "When the training ended, for whatever reason."),
    Attribute(LOG_ERRORS, _T.STRING, "", "Errors of logging, with their number; absent if there were none."),
    Attribute(INTEGRATION_VERSION, _T.STRING, "", "Version of neptune_yolo."),
    Attribute(FAILED, _T.BOOLEAN, "", "True if the training failed."),
    Attribute(GROUP_TAGS, _T.STRING_SET, "", "Group tags from the settings."),
    Attribute(DATASET_NAME, _T.STRING, "", "Name of the data set: that of its YAML or folder."),
    Attribute(DATASET_PATH, _T.STRING, "", "Folder of the data set on the machine of the training."),
    Attribute(DATASET_YAML, _T.FILE, "", "The data set's YAML, without secrets; absent for classification."),
    Attribute(DATASET_CLASSES, _T.STRING, "", "Names of the classes in their order, as JSON text."),
    Attribute(DATASET_CLASS_COUNT, _T.INTEGER, "", "Number of classes."),
    Attribute(DATASET_CLASS_TABLE, _T.FILE, "", "CSV: instances of each class in each split."),
    Attribute(DATASET_HASH, _T.STRING, "", "SHA-256 that tells the version of images and labels."),
    Attribute(DATASET_HASH_KIND, _T.STRING, "", "What the hash is made of: fast (sizes and times) or full (contents)."),
    Attribute(DATASET_FORMER_HASH, _T.STRING, "", "The hash before the data set changed in mid-run."),
    Attribute(DATASET_CHANGED_AT, _T.INTEGER, "epochs", "First epoch trained on other data than those before it."),
    Attribute(f"{DATASET_FILES}/{{split}}", _T.ARTIFACT, "", "Names, sizes and hashes of its files, on request."),
    Attribute(f"{DATASET}/fold", _T.INTEGER, "", "Number of the fold, from 1, in a k-fold cross-validation."),
    Attribute(f"{DATASET}/folds", _T.INTEGER, "", "Number of folds."),
    Attribute(f"{DATASET}/{{split}}/images", _T.INTEGER, "", "Images of the split that the training uses."),
    Attribute(f"{DATASET}/{{split}}/labelled_images", _T.INTEGER, "", "Images with at least one instance."),
    Attribute(f"{DATASET}/{{split}}/background_images", _T.INTEGER, "", "Images without instances."),
    Attribute(f"{DATASET}/{{split}}/instances", _T.INTEGER, "", "Labelled instances; for classification, images."),
    Attribute(f"{DATASET}/{{split}}/instances_per_class/{{class}}", _T.INTEGER, "", "Of one class; up to 200 classes."),
    Attribute(
        f"{DATASET}/{{split}}/width/{{statistic}}",
        _T.INTEGER,
        "pixels",
        "Smallest, median and largest width of its images; absent for rectangular batches, as in validation.",
    ),
    Attribute(
        f"{DATASET}/{{split}}/height/{{statistic}}",
        _T.INTEGER,
        "pixels",
        "Smallest, median and largest height of its images; absent for rectangular batches, as in validation.",
    ),
    Attribute(f"{DATASET}/{{split}}/hash", _T.STRING, "", "SHA-256 that tells the version of the split."),
    Attribute(f"{ENVIRONMENT}/versions/{{software}}", _T.STRING, "", "Python, ultralytics, torch, cuda, neptune."),
    Attribute(f"{ENVIRONMENT}/os", _T.STRING, "", "Operating system with its version."),
    Attribute(f"{ENVIRONMENT}/host", _T.STRING, "", "Name of the machine on which the training last began."),
    Attribute(f"{ENVIRONMENT}/device", _T.STRING, "", "Device of the training, such as cpu, mps or cuda:0."),
    Attribute(f"{ENVIRONMENT}/cpu/name", _T.STRING, "", "Name of the processor."),
    Attribute(f"{ENVIRONMENT}/cpu/physical", _T.INTEGER, "cores", "Processor cores."),
    Attribute(f"{ENVIRONMENT}/cpu/logical", _T.INTEGER, "cores", "Processor cores as the system counts them."),
    Attribute(f"{ENVIRONMENT}/memory_gib", _T.FLOAT, "GiB", "Main memory of the machine."),
    Attribute(f"{ENVIRONMENT}/gpu/{{index}}/name", _T.STRING, "", "Name of a GPU that this process sees."),
    Attribute(f"{ENVIRONMENT}/gpu/{{index}}/memory_gib", _T.FLOAT, "GiB", "Its memory."),
    Attribute(f"{ENVIRONMENT}/gpu_driver", _T.STRING, "", "Version of NVIDIA's driver; absent without one."),
    Attribute(f"{ENVIRONMENT}/command", _T.STRING, "", "Command line, with secrets replaced by ***."),
    Attribute(f"{ENVIRONMENT}/working_directory", _T.STRING, "", "Folder in which the program was started."),
    Attribute(f"{ENVIRONMENT}/variables/{{name}}", _T.STRING, "", "CUDA_VISIBLE_DEVICES and its like, where set."),
    Attribute(f"{ENVIRONMENT}/packages", _T.FILE, "", "Installed packages, one name==version a line."),
    Attribute(f"{ENVIRONMENT}/git/branch", _T.STRING, "", "Branch of the repository in the working directory."),
    Attribute(f"{ENVIRONMENT}/git/commit", _T.STRING, "", "Commit of that repository."),
    Attribute(f"{ENVIRONMENT}/git/origin", _T.STRING, "", "Address of its remote origin, without a password."),
    Attribute(PARENT, _T.STRING, "", "Id of the run that this one belongs to, from the settings."),
    Attribute(f"{CHILDREN}/{{run}}", _T.STRING, "", "Id of a run that belongs to this one, under its id."),
    Attribute(f"{CHILD_METRICS}/{{metric}}/{{statistic}}", _T.FLOAT, "", "Over the children: mean, std, min, max."),
    Attribute(TUNE_FITNESS, _T.FLOAT_SERIES, "", "Search: fitness of each completed trial; step = trial, from 1."),
    Attribute(
        f"{TUNE}/{{hyperparameter}}", _T.FLOAT_SERIES, "", "Search: what each trial tried; step = trial, from 1."
    ),
    Attribute(f"{TUNE_METRICS}/{{metric}}", _T.FLOAT_SERIES, "", "Search on one data set: last metrics of each trial."),
    Attribute(TUNE_TRIALS, _T.STRING_SERIES, "", "Search: each trial in a line, with its run and why it failed."),
    Attribute(TUNE_PLANNED, _T.INTEGER, "trials", "Search: trials that were asked for."),
    Attribute(TUNE_COMPLETED, _T.INTEGER, "trials", "Search: trials that are completed."),
    Attribute(TUNE_FAILED, _T.INTEGER, "trials", "Search: trials that have failed."),
    Attribute(
        f"{TUNE_SPACE}/{{hyperparameter}}", _T.STRING, "", "Search: lowest value, highest value and gain, as JSON."
    ),
    Attribute(f"{TUNE_BEST}/trial", _T.INTEGER, "", "Search: number of the best trial, from 1."),
    Attribute(f"{TUNE_BEST}/run", _T.STRING, "", "Search: id of the best trial's run."),
    Attribute(f"{TUNE_BEST}/fitness", _T.FLOAT, "", "Search: fitness of the best trial."),
    Attribute(f"{TUNE_BEST}/hyperparameters/{{hyperparameter}}", _T.FLOAT, "", "Search: what the best trial tried."),
    Attribute(TUNE_BEST_FILE, _T.FILE, "", "Search: best_hyperparameters.yaml, which can be given to cfg=."),
    Attribute(TUNE_RESULTS, _T.FILE, "", "Search: tune_results.ndjson, with which it can be resumed elsewhere."),
    Attribute(TUNE_PLAN, _T.FILE, "", "Search: its arguments, space and number of trials, as JSON."),
    Attribute(f"{TUNE_PLOTS}/{{plot}}", _T.FILE, "", "Search: fitness over the trials, and over each hyperparameter."),
    Attribute(
        f"{PREDICTIONS}/data/{{epoch}}",
        _T.FILE,
        "pixels",
        "Ground truth and predictions of the chosen validation images as JSON: epoch_0010..., and final for best.pt; "
        "schema in neptune_yolo.tracking.prediction_data.",
    ),
    Attribute(f"{PREDICTIONS}/images/{{image}}", _T.FILE, "", "A chosen validation image, longer side at most 1280."),
    Attribute(
        f"{PREDICTIONS}/pictures/{{image}}",
        _T.IMAGE_SERIES,
        "",
        "It with truth and predictions; those of best.pt half a step after the last epoch, if that has some.",
    ),
    Attribute(f"{PREDICTIONS}/names/{{image}}", _T.STRING, "", "Its file below the data set's folder."),
    Attribute("monitoring/{process}/traceback", _T.STRING_SERIES, "", "Traceback of the exception that ended it."),
)


def checkpoint_path(stem: str) -> str:
    """Return the attribute path of a checkpoint file, such as ``weights/best`` for ``best.pt``."""
    return f"{WEIGHTS}/{stem}"


def plot_data_path(name: str) -> str:
    """Return the attribute path of a plot as data, such as ``Plots/data/BoxPR_curve``."""
    return f"{PLOTS}/data/{name}"


def plot_chart_path(name: str) -> str:
    """Return the attribute path of a plot as an interactive chart, such as ``Plots/charts/BoxPR_curve``."""
    return f"{PLOTS}/charts/{name}"


def batch_loss_path(name: str) -> str:
    """Return the attribute path of a loss of single batches, such as ``batch/box_loss``."""
    return f"{BATCH}/{path_part(name)}"


def prediction_data_path(step: float | None) -> str:
    """Return the attribute path of the predictions of one epoch as data.

    Args:
        step: Step of the epoch. None: the final evaluation of best.pt.
    """
    return f"{PREDICTIONS}/data/final" if step is None else f"{PREDICTIONS}/data/epoch_{round(step):04d}"


def prediction_image_path(index: int) -> str:
    """Return the attribute path of a chosen validation image, by its number from 0."""
    return f"{PREDICTIONS}/images/{index}"


def prediction_picture_path(index: int) -> str:
    """Return the attribute path of the series of pictures of a chosen validation image, by its number from 0."""
    return f"{PREDICTIONS}/pictures/{index}"


def prediction_name_path(index: int) -> str:
    """Return the attribute path of the name of a chosen validation image, by its number from 0."""
    return f"{PREDICTIONS}/names/{index}"


def path_part(name: object) -> str:
    """Return a name, such as that of a class, in a form that can be one part of an attribute path.

    Slashes would begin a new part, and control characters are refused by the client: both become ``_``.

    Args:
        name: Any name; an empty one becomes ``_``.
    """
    text = "".join("_" if character == "/" or not character.isprintable() else character for character in str(name))
    return text.strip() or "_"
