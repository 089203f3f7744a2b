from pathlib import Path

from neptune_yolo.tuning.plan import SearchPlan, read_plan, write_plan


def test_a_plan_comes_back_from_its_folder(tmp_path: Path) -> None:
    plan = SearchPlan(
        arguments={"data": Path("a") / "ä.yaml", "epochs": 3, "augmentations": [print], "classes": (1, 2)},
        space={"lr0": (0.0, 0.1)},
        iterations=7,
        group_tag="tune-1",
    )
    write_plan(tmp_path, plan)
    back = read_plan(tmp_path)
    assert back.arguments == {"data": str(Path("a") / "ä.yaml"), "epochs": 3, "classes": [1, 2]}
    assert (back.space, back.iterations, back.group_tag) == (plan.space, 7, "tune-1")


def test_a_folder_without_a_plan_has_an_empty_one(tmp_path: Path) -> None:
    assert read_plan(tmp_path) == SearchPlan()
    for torn in ('{"arguments": {', "[]", '{"arguments": null, "space": {}, "iterations": 1, "group_tag": ""}'):
        (tmp_path / "neptune_search.json").write_text(torn, encoding="utf-8")
        assert read_plan(tmp_path) == SearchPlan()
