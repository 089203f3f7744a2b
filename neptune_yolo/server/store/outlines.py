"""What is enough of the points of a float series to draw it small: of each block of points, four of them.

Of a block in a chunk, the outline keeps the first and the last point, the smallest and the largest; they are by step,
and one that is two of these stands there twice. The mean of the block is kept beside them. An outline is made with its
chunk, once, and never changes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neptune_yolo.server.domain.series import FloatArrays, FloatOutline

BLOCK_POINTS = 128
"""Points of a chunk that four points stand for; the last block of a chunk may have fewer."""

OF_BLOCK = 4
"""Points in the outline of a block."""

_BLOCK = np.dtype(
    [
        ("step", "<f8", OF_BLOCK),
        ("timestamp_ms", "<i8", OF_BLOCK),
        ("value", "<f8", OF_BLOCK),
        ("mean", "<f8"),
        ("count", "<i8"),
    ]
)


def pack_outline(points: FloatArrays) -> bytes:
    """Return the outline of the points of a chunk, at least one."""
    count = len(points)
    starts = np.arange(0, count, BLOCK_POINTS)
    ends = np.append(starts[1:], count)
    padding = np.repeat(points.values[-1:], -count % BLOCK_POINTS)
    values = np.concatenate((points.values, padding)).reshape(-1, BLOCK_POINTS)
    places = np.stack((starts, starts + values.argmin(axis=1), starts + values.argmax(axis=1), ends - 1), axis=1)
    places = np.sort(places, axis=1)
    blocks = np.empty(len(starts), _BLOCK)
    blocks["step"], blocks["timestamp_ms"] = points.steps[places], points.timestamps_ms[places]
    blocks["value"], blocks["count"] = points.values[places], ends - starts
    blocks["mean"] = np.add.reduceat(points.values / BLOCK_POINTS, starts) * (BLOCK_POINTS / blocks["count"])
    return blocks.tobytes()


def unpack_outlines(outlines: Sequence[bytes]) -> FloatOutline:
    """Return outlines, one after the other, as they were packed: with points that stand there twice."""
    blocks = np.frombuffer(b"".join(outlines), _BLOCK)
    counts = np.zeros((len(blocks), OF_BLOCK), dtype=np.int64)
    counts[:, 0] = blocks["count"]
    points = FloatArrays(
        blocks["step"].reshape(-1).astype(np.float64, copy=False),
        blocks["timestamp_ms"].reshape(-1).astype(np.int64, copy=False),
        blocks["value"].reshape(-1).astype(np.float64, copy=False),
    )
    return FloatOutline(points, counts.reshape(-1), np.repeat(blocks["mean"], OF_BLOCK))


def count_blocks(outline: bytes) -> int:
    """Return the number of blocks of an outline."""
    return len(outline) // _BLOCK.itemsize


def block_widths(axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far blocks reach along an axis.

    Args:
        axis: Where the points of outlines stand; it does not decrease.
    """
    with np.errstate(over="ignore"):
        widths: NDArray[np.float64] = axis[OF_BLOCK - 1 :: OF_BLOCK] - axis[::OF_BLOCK]
    return widths
