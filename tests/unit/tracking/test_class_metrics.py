from neptune_yolo.tracking.class_metrics import chosen_classes, class_parts, limit_note


def test_few_classes_all_have_series() -> None:
    assert chosen_classes({3: 1, 0: 5}, 4) == (0, 3)


def test_of_many_classes_those_with_the_most_labels_have_series() -> None:
    labels = {index: index % 500 for index in range(1000)}

    chosen = chosen_classes(labels, 1)
    assert len(chosen) == 100
    assert chosen == (*range(450, 500), *range(950, 1000))


def test_more_metrics_each_leave_room_for_fewer_classes() -> None:
    assert len(chosen_classes(dict.fromkeys(range(80), 1), 8)) == 50
    assert chosen_classes(dict.fromkeys(range(80), 1), 8) == tuple(range(50))


def test_no_two_classes_share_a_path() -> None:
    names = {0: "a/b", 1: "a_b", 2: "person", 3: ""}

    assert class_parts(names, (0, 1, 2, 3, 4)) == {0: "a_b", 1: "a_b (1)", 2: "person", 3: "_", 4: "4"}


def test_the_limit_is_told_only_where_it_holds() -> None:
    assert limit_note(10, 10) is None
    assert limit_note(100, 812) == "100 of 812 classes: those with the most labels in the validation set"
