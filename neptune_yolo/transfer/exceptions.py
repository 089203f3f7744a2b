"""Exceptions of import and export.

::

    NeptuneYoloError
    └── TransferError
        ├── SourceUnreadableError    what is to be imported cannot be read
        ├── NameTakenError           another run has the name of one that is to be imported
        └── ValueRefusedError        the server does not take a value; the rest of the run goes on
"""

from neptune_yolo.exceptions import NeptuneYoloError


class TransferError(NeptuneYoloError):
    """Something cannot be imported or exported."""


class SourceUnreadableError(TransferError):
    """What is to be imported cannot be read: it is damaged, not there, or not what its name says."""


class NameTakenError(TransferError):
    """Another run of the project has the name of one that is to be imported."""


class ValueRefusedError(TransferError):
    """The server does not take a value."""
