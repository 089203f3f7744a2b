"""Where imports go: runs of a server, written over HTTP as the Neptune client writes them.

`open_destination` gives a `Destination`, its `open` a `RunWriter` for one run.
"""

from neptune_yolo.transfer.writing.destination import Destination, Source, open_destination
from neptune_yolo.transfer.writing.facts import PastFacts
from neptune_yolo.transfer.writing.run_writer import RunWriter

__all__ = ["Destination", "PastFacts", "RunWriter", "Source", "open_destination"]
