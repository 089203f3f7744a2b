"""Names of the environment variables that the client side reads or sets, each in one place.

Those that begin with ``NEPTUNE_YOLO_`` are ours; the others belong to the ``neptune`` client or to the libraries
beneath it.
"""

NEPTUNE_YOLO_HOME = "NEPTUNE_YOLO_HOME"
"""Folder of the embedded server: database, files, secrets, log. Default: the user's data folder."""

NEPTUNE_YOLO_IDLE_SECONDS = "NEPTUNE_YOLO_IDLE_SECONDS"
"""Seconds without requests after which the embedded server leaves. Default: 3600."""

NEPTUNE_YOLO_OFF = "NEPTUNE_YOLO_OFF"
"""``1`` or ``true``: the trainers do not log, whatever their settings say."""

NEPTUNE_API_TOKEN = "NEPTUNE_API_TOKEN"  # noqa: S105 - the name of a variable, not a token
"""API token of a Neptune-compatible server. Unset: the embedded server is used."""

NEPTUNE_PROJECT = "NEPTUNE_PROJECT"
"""Project that runs go to, in the form ``workspace/name``."""

NEPTUNE_MODE = "NEPTUNE_MODE"
"""Connection mode: async, sync, offline or debug; the trainers also understand off."""

NEPTUNE_CUSTOM_RUN_ID = "NEPTUNE_CUSTOM_RUN_ID"
"""Identifier shared by the processes that log to one run."""

NEPTUNE_DATA_DIRECTORY = "NEPTUNE_DATA_DIRECTORY"
"""Folder where the client keeps what is not yet sent. Default: ``.neptune`` in the working directory."""

NEPTUNE_ALLOW_SELF_SIGNED_CERTIFICATE = "NEPTUNE_ALLOW_SELF_SIGNED_CERTIFICATE"
"""Any value: the client does not verify certificates."""

REQUESTS_CA_BUNDLE = "REQUESTS_CA_BUNDLE"
"""File with the certificates that the client trusts."""

OAUTHLIB_INSECURE_TRANSPORT = "OAUTHLIB_INSECURE_TRANSPORT"
"""Set to 1 by us, for servers on this machine only: without it the client refuses plain http."""

NO_PROXY = "NO_PROXY"
"""Hosts that are reached without a proxy; the addresses of this machine are added to it."""
