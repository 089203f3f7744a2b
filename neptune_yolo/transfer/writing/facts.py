"""What a run was like where it comes from, beside its attributes."""

import msgspec


class PastFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of a run, model or version; moments are in milliseconds since 1970 (UTC).

    Attributes:
        created_ms: When it was made.
        modified_ms: When it was changed last.
        pinged_ms: Last sign of life of its program; None for none.
        running_ms: For how long its program ran, in milliseconds.
        owner: Who made it; None for who imports it. Only owners of the project may name somebody else.
        trashed: Whether it lay in the trash.
    """

    created_ms: int
    modified_ms: int
    pinged_ms: int | None = None
    running_ms: int = 0
    owner: str | None = None
    trashed: bool = False
