"""Identifiers, as types of their own so that one is not taken for another."""

from typing import NewType

ContainerId = NewType("ContainerId", str)
"""UUID text of a container; never holds ``__``, on which the client splits its folder names."""

SysId = NewType("SysId", str)
"""Short identifier that people see: ``YOL-12`` for a run, ``YOL`` for a project, ``YOL-DET`` for a model, ``YOL-DET-3``
for its third version."""

UploadId = NewType("UploadId", str)
"""UUID text of a multipart upload that is under way."""

ArtifactHash = NewType("ArtifactHash", str)
"""What names an artifact within its project; computed from the paths, hashes, sizes and types of its files."""

Sha256 = NewType("Sha256", str)
"""Lower-case hexadecimal SHA-256 of a file's bytes."""
