"""TensorBoard event files: scalars, pictures and texts, written by TensorBoard's own writer. Needs no PyTorch."""

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from neptune_yolo.exceptions import PackageMissingError

TEXT_PLUGIN = "text"


class EventFiles:
    """Writes one event file into a folder; each opening adds a file, and TensorBoard reads them as one run.

    The file is made as the first thing is written to it. Every method that writes raises OSError if it cannot be.

    Args:
        folder: Folder of the run, which is made if need be.

    Raises:
        PackageMissingError: If TensorBoard is not installed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            from tensorboard.summary.writer.event_file_writer import EventFileWriter
        except ImportError as error:
            raise PackageMissingError("tensorboard", "tensorboard", "to write TensorBoard event files") from error
        self._folder = folder
        self._open = EventFileWriter
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def scalar(self, tag: str, value: float, step: int, moment: float | None = None) -> None:
        """Write one number.

        Args:
            tag: Name of the series.
            value: Number; what is not finite is shown by TensorBoard as such.
            step: Whole number, as TensorBoard knows no other steps.
            moment: Seconds since 1970; None: now.
        """
        from tensorboard.compat.proto.summary_pb2 import Summary

        self._write(Summary.Value(tag=tag, simple_value=value), step, moment)

    def image(self, tag: str, content: bytes, step: int, moment: float | None = None) -> None:
        """Write one picture.

        Args:
            tag: Name of the series.
            content: A complete PNG, JPEG or GIF file.
            step: Whole number.
            moment: Seconds since 1970; None: now.

        Raises:
            OSError: If the content is no picture.
        """
        from PIL import Image
        from tensorboard.compat.proto.summary_pb2 import Summary

        with Image.open(io.BytesIO(content)) as picture:
            width, height = picture.size
        image = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=content)
        self._write(Summary.Value(tag=tag, image=image), step, moment)

    def text(self, tag: str, text: str, step: int = 0, moment: float | None = None) -> None:
        """Write one text, which TensorBoard shows as Markdown.

        Args:
            tag: Name of the series.
            text: The text.
            step: Whole number.
            moment: Seconds since 1970; None: now.
        """
        from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
        from tensorboard.compat.proto.tensor_pb2 import TensorProto
        from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

        shape = TensorShapeProto(dim=[TensorShapeProto.Dim(size=1)])
        tensor = TensorProto(dtype="DT_STRING", tensor_shape=shape, string_val=[text.encode()])
        metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name=TEXT_PLUGIN))
        self._write(Summary.Value(tag=tag, metadata=metadata, tensor=tensor), step, moment)

    def table(self, tag: str, values: Mapping[str, object], moment: float | None = None) -> None:
        """Write names and values as one text, a Markdown table.

        Args:
            tag: Name of the table.
            values: Of each name.
            moment: Seconds since 1970; None: now.
        """
        rows = [f"|{_cell(name)}|{_cell(value)}|" for name, value in values.items()]
        self.text(tag, "\n".join(["|name|value|", "|---|---|", *rows]), moment=moment)

    def flush(self) -> None:
        """Hand what was written to the file system."""
        if self._writer is not None:
            self._writer.flush()

    def close(self) -> None:
        """Write the rest and close the file; a second call does nothing."""
        if self._writer is not None:
            self._writer.close()

    def _write(self, value: Any, step: int, moment: float | None) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        if self._writer is None:
            self._writer = self._open(str(self._folder))
        wall_time = time.time() if moment is None else moment
        self._writer.add_event(Event(wall_time=wall_time, step=step, summary=Summary(value=[value])))


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
