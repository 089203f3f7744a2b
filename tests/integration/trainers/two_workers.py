"""Ultralytics' way to train on several GPUs, with two processes on the CPU in their place.

Everything is real (the launch by torchrun, the class that travels in a pickle, the process group, the wrapped model),
but for what Ultralytics ties to CUDA.
"""

from types import SimpleNamespace
from typing import Any

import torch
from torch import distributed
from ultralytics.engine import validator
from ultralytics.utils import LOCAL_RANK, RANK

WORKERS = 2


class TwoWorkersMixin:
    """Makes a trainer believe in two devices. Stands first in a class's bases."""

    @property
    def ddp(self) -> bool:
        """As Ultralytics says it: whether this process only starts the workers."""
        return LOCAL_RANK == -1

    @ddp.setter
    def ddp(self, found: bool) -> None:
        """There is no GPU to count."""

    @property
    def world_size(self) -> int:
        return WORKERS

    @world_size.setter
    def world_size(self, found: int) -> None:
        """There is no GPU to count."""

    def _setup_ddp(self) -> None:
        distributed.init_process_group("gloo", rank=RANK, world_size=WORKERS)
        wrapped = torch.nn.parallel.DistributedDataParallel
        torch.nn.parallel.DistributedDataParallel = lambda module, **given: wrapped(
            module, **given | {"device_ids": None}
        )
        backend = validator.AutoBackend
        validator.AutoBackend = lambda *given, **options: backend(*given, **options | {"device": torch.device("cpu")})
        validator.get_torch_device_backend = lambda *_: SimpleNamespace(current_device=lambda: 0)

    def train(self) -> Any:
        result = super().train()  # type: ignore[misc] # a mixin
        if distributed.is_initialized():
            distributed.destroy_process_group()
        return result
