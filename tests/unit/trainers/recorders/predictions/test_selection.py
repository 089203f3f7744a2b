from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import RandomSampler, SequentialSampler
from ultralytics.data.build import ContiguousDistributedSampler

from neptune_yolo.policies import PredictionPolicy
from neptune_yolo.trainers.recorders.predictions.selection import choose_images, image_files, own_positions, spread

ROOT = Path("data").absolute()
FILES = [str(ROOT / "images" / f"{number:03d}.v2.jpg") for number in range(100)]


def loader_of(files: list[str], sampler: Any = None) -> Any:
    return SimpleNamespace(dataset=SimpleNamespace(im_files=files), sampler=sampler or SequentialSampler(files))


@pytest.mark.parametrize(
    ("total", "number", "expected"),
    [(100, 4, [12, 37, 62, 87]), (8, 8, list(range(8))), (3, 8, [0, 1, 2]), (1, 1, [0]), (0, 4, [])],
)
def test_places_are_spread_evenly(total: int, number: int, expected: list[int]) -> None:
    assert spread(total, number) == expected


def test_images_are_spread_over_the_set_and_named_below_its_folder() -> None:
    selection = choose_images(loader_of(FILES), PredictionPolicy(images=4), ROOT)
    assert [image.position for image in selection.images] == [12, 37, 62, 87]
    assert selection.images[0].file == "images/012.v2.jpg"
    assert selection.images[0].source == FILES[12]
    assert selection.unknown == ()


def test_images_are_found_by_names_of_all_kinds() -> None:
    names = ("007.v2.jpg", "008.v2", "images/009.v2.jpg", FILES[10], "7.v2.jpg", "other/009.v2.jpg", "007.v2")
    selection = choose_images(loader_of(FILES), PredictionPolicy(files=names), None)
    assert [image.position for image in selection.images] == [7, 8, 9, 10]
    assert selection.unknown == ("7.v2.jpg", "other/009.v2.jpg")
    assert [image.file for image in selection.images] == [f"{number:03d}.v2.jpg" for number in (7, 8, 9, 10)]


def test_a_process_of_several_chooses_among_its_own() -> None:
    sampler = ContiguousDistributedSampler(FILES, num_replicas=2, batch_size=10, rank=1)
    assert own_positions(loader_of(FILES, sampler), 100) == list(range(50, 100))
    selection = choose_images(loader_of(FILES, sampler), PredictionPolicy(files=("001.v2", "051.v2")), None)
    assert [image.position for image in selection.images] == [51]
    assert selection.unknown == ("001.v2",)


def test_the_random_numbers_of_a_shuffling_loader_are_left_alone() -> None:
    before = torch.get_rng_state()
    selection = choose_images(loader_of(FILES, RandomSampler(FILES)), PredictionPolicy(images=2), None)
    assert len(selection.images) == 2
    assert torch.equal(torch.get_rng_state(), before)


def test_every_kind_of_data_set_says_its_files() -> None:
    joined = SimpleNamespace(datasets=[SimpleNamespace(im_files=["a"]), SimpleNamespace(im_files=["b", "c"])])
    assert image_files(joined) == ["a", "b", "c"]
    assert image_files(SimpleNamespace(samples=[["d", 0, Path("d.npy"), None]], root="r")) == ["d"]
    assert image_files([1, 2]) == []
