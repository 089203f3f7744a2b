import math

from neptune_yolo.tracking.epoch_figures import EpochTimes, standing, time_points

SPEED = {"preprocess": 0.1, "inference": 5.5, "loss": 0.0, "postprocess": 1.25}


def test_points_of_an_epoch_with_validation_and_gpu() -> None:
    points = time_points(EpochTimes(12.5, 10.0, 200), SPEED, 3.25)

    assert points == {
        "epoch/time_seconds": 12.5,
        "epoch/images_per_second": 20.0,
        "epoch/gpu_memory_GiB": 3.25,
        "speed/preprocess": 0.1,
        "speed/inference": 5.5,
        "speed/loss": 0.0,
        "speed/postprocess": 1.25,
    }


def test_what_is_not_known_has_no_point() -> None:
    assert time_points(EpochTimes(2.0, 2.0, None), None, None) == {"epoch/time_seconds": 2.0}


def test_the_best_epoch_is_the_last_one_too() -> None:
    metrics = {"metrics/mAP50(B)": 0.5, "val/box_loss": 1.5}

    assert standing(metrics, 0.4, 7, is_best=True) == {
        "last/epoch": 7,
        "last/metrics/mAP50(B)": 0.5,
        "last/val/box_loss": 1.5,
        "last/fitness": 0.4,
        "best/epoch": 7,
        "best/metrics/mAP50(B)": 0.5,
        "best/val/box_loss": 1.5,
        "best/fitness": 0.4,
    }


def test_another_epoch_leaves_the_best_alone_and_what_is_not_finite_out() -> None:
    values = standing({"metrics/mAP50(B)": 0.5, "val/box_loss": math.nan}, None, 8, is_best=False)

    assert values == {"last/epoch": 8, "last/metrics/mAP50(B)": 0.5}
