"""The smallest useful run: train a detector, and find everything about it in a run.

Without a token this logs to the embedded server; with NEPTUNE_API_TOKEN set, to the server that the token names.
"""

from ultralytics import YOLO

from neptune_yolo import NeptuneDetectionTrainer

if __name__ == "__main__":
    YOLO("yolo11n.pt").train(data="coco8.yaml", epochs=10, trainer=NeptuneDetectionTrainer)
