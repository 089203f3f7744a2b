"""``python -m neptune_yolo.cli``: the command ``neptune-yolo`` where its script is not on the path."""

from neptune_yolo.cli import main

if __name__ == "__main__":
    main()
