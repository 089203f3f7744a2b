"""The slow part, done in the background: records, pictures, uploads."""

from collections.abc import Callable, Mapping

from PIL import Image

from neptune_yolo.policies import PredictionPolicy
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.prediction_data import ImagePredictions, PredictionData, to_json
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.trainers.recorders.predictions.captured import (
    Captured,
    CapturedClass,
    CapturedClassMap,
    CapturedDepth,
    CapturedEpoch,
    CapturedObjects,
)
from neptune_yolo.trainers.recorders.predictions.drawing import draw_objects
from neptune_yolo.trainers.recorders.predictions.encoding import encode
from neptune_yolo.trainers.recorders.predictions.panels import draw_classes, draw_classification, draw_depth
from neptune_yolo.trainers.recorders.predictions.pictures import CleanPicture, jpeg_bytes, read_picture
from neptune_yolo.trainers.recorders.predictions.worker import Job

_DRAWING = "drawing the predictions of an image"
_FINAL_STEP = 0.5


class EpochWriter:
    """Writes recorded epochs. Only one thread may use it at a time.

    Args:
        logger: Where it writes to.
        policy: Bounds, which it notes in each file.
        last_step: Step of the newest pictures that the run already has.
    """

    def __init__(self, logger: RunLogger, policy: PredictionPolicy, *, last_step: float = 0) -> None:
        self._logger = logger
        self._policy = policy
        self._last_step = last_step
        self._clean: dict[int, CleanPicture | None] = {}

    def job(self, epoch: CapturedEpoch, step: float) -> Job:
        """Return the job that writes an epoch."""

        def write(given_up: Callable[[], bool]) -> None:
            with self._logger.ledger.guard("writing predictions"):
                self._write(epoch, step, given_up)

        return write

    def _write(self, epoch: CapturedEpoch, step: float, given_up: Callable[[], bool]) -> None:
        records: list[ImagePredictions] = []
        picture_step = self._picture_step(step, final=epoch.final)
        caption = "best.pt" if epoch.final else f"epoch {step:g}"
        for _, captured in sorted(epoch.images.items()):
            if given_up():
                return
            with self._logger.ledger.guard(_DRAWING):
                records.append(self._write_image(captured, epoch.names, caption, picture_step))
        data = PredictionData(
            task=epoch.task,
            step=step,
            final=epoch.final,
            confidence=self._policy.confidence,
            max_boxes=self._policy.max_boxes,
            images=tuple(records),
        )
        self._logger.log_text_file(paths.prediction_data_path(None if epoch.final else step), to_json(data), "json")

    def _picture_step(self, step: float, *, final: bool) -> float | None:
        """Return the step of the pictures in their series, which must rise; None if there must not be any."""
        if step <= self._last_step:
            if not final:
                return None  # an epoch that is run once more: its data are replaced, the series goes on
            step = self._last_step + _FINAL_STEP
        self._last_step = step
        return step

    def _write_image(
        self, captured: Captured, names: Mapping[int, str], caption: str, picture_step: float | None
    ) -> ImagePredictions:
        image = captured.image
        clean = self._clean_picture(captured)
        data = encode(captured, names, _size(captured, clean), clean.scale if clean else None)
        if clean is not None and picture_step is not None:
            drawn = _drawn(data, captured, clean.open(), f"{image.name}, {caption}")
            self._logger.log_image(paths.prediction_picture_path(image.index), jpeg_bytes(drawn), picture_step)
        return data

    def _clean_picture(self, captured: Captured) -> CleanPicture | None:
        """Return the picture without marks; read and upload it the first time."""
        image = captured.image
        if image.index not in self._clean:
            picture = self._clean[image.index] = read_picture(image)
            self._logger.log_values({paths.prediction_name_path(image.index): image.file}, "naming pictures")
            if picture is None:
                self._logger.ledger.record(_DRAWING, f"the image {image.file} cannot be read")
            else:
                self._logger.upload_content(paths.prediction_image_path(image.index), picture.jpeg, "jpg")
        return self._clean[image.index]


def _size(captured: Captured, clean: CleanPicture | None) -> tuple[int, int]:
    """Return width and height of the original image, in whose pixels all coordinates are."""
    if isinstance(captured, CapturedObjects | CapturedClassMap):
        return captured.frame.width, captured.frame.height
    return (clean.width, clean.height) if clean else (0, 0)


def _drawn(data: ImagePredictions, captured: Captured, clean: Image.Image, caption: str) -> Image.Image:
    match captured:
        case CapturedObjects():
            return draw_objects(data, clean, caption)
        case CapturedClass():
            return draw_classification(data, clean, caption)
        case CapturedClassMap():
            return draw_classes(data, captured, clean, caption)
        case CapturedDepth():
            return draw_depth(data, captured, clean, caption)
