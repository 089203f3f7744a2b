"""What a run says about the model: architecture, size, cost, speed."""

from typing import Any

import yaml
from ultralytics.utils.torch_utils import get_flops, get_num_params, unwrap_model

from neptune_yolo.tracking import attribute_paths as paths

_GFLOPS_DIGITS = 3


def architecture_yaml(model: Any) -> str | None:
    """Return the model's architecture as Ultralytics' YAML; None if the model does not know it.

    Args:
        model: A torch module, possibly wrapped for several devices or compiled.
    """
    architecture = getattr(unwrap_model(model), "yaml", None)
    if not isinstance(architecture, dict):
        return None
    return yaml.safe_dump(architecture, sort_keys=False, allow_unicode=True)


def model_values(model: Any, image_size: int | list[int]) -> dict[str, object]:
    """Return attribute path -> value for size and cost of a model.

    Args:
        model: A torch module.
        image_size: Size of the training's images in pixels: one side, or height and width.
    """
    layers = sum(1 for module in unwrap_model(model).modules() if not any(module.children()))
    return {
        paths.MODEL_LAYERS: layers,
        f"{paths.MODEL}/model/parameters": get_num_params(model),
        f"{paths.MODEL}/model/GFLOPs": round(float(get_flops(model, image_size)), _GFLOPS_DIGITS),
    }


def speed_values(validator: Any) -> dict[str, object]:
    """Return attribute path -> milliseconds of inference for one image, as the last validation measured it.

    Args:
        validator: An Ultralytics validator that has run.
    """
    return {f"{paths.MODEL}/model/speed_PyTorch(ms)": round(float(validator.speed["inference"]), 3)}
