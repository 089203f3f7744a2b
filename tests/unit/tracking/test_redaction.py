import pytest

from neptune_yolo.tracking.redaction import HIDDEN, is_secret_name, redact, redact_arguments

TOKEN = "eyJhcGlfYWRkcmVzcyI6ICJodHRwOi8vMTI3LjAuMC4xIn0="


@pytest.mark.parametrize(
    "words",
    [
        ["--api-key", "hunter2"],
        ["--password", "-hunter2"],
        ["--api-token=hunter2"],
        ["api_token=hunter2"],
        ["WANDB_API_KEY=hunter2"],
        ["https://me:hunter2@host/x.git"],
        ["https://hunter2@host/x.git"],
        ["data=https://host/set.zip?X-Amz-Signature=hunter2&x=1"],
        ["-c", "os.environ['HF_TOKEN'] = 'hunter2'"],
        ["Authorization: Bearer hunter2hunter2"],
    ],
)
def test_what_is_named_a_secret_is_taken_out(words: list[str]) -> None:
    redacted = " ".join(redact_arguments(words))

    assert "hunter2" not in redacted
    assert HIDDEN in redacted


@pytest.mark.parametrize(
    "token",
    [
        TOKEN,
        "hf_abcdefghijklmnopqrstuv",
        "ghp_0123456789abcdefghij",
        "AKIAIOSFODNN7EXAMPLE",
        "0123456789abcdef0123456789abcdef01234567",
        "aB3" * 12,
    ],
)
def test_what_looks_like_a_token_is_taken_out(token: str) -> None:
    assert token not in redact(f"train.py {token} --epochs 3")
    assert token not in redact(f"x={token}")


@pytest.mark.parametrize(
    "word",
    [
        "data=/data/sets/coco8.yaml",
        "name=yolo11n-coco-640-adamw-lr0.01-cosine-2026-11-25",
        "project=team/traffic",
        "--epochs=100",
        "monkey=2",
        "keypoints=17",
        "/runs/3f2a3f2a3f2a3f2a3f2a3f2a3f2a3f2a3f2a/best.pt",
        "names:\n  0: key\n  1: token\n",
        r"C:\data\coco8.yaml",
        "http://127.0.0.1:8080/x",
    ],
)
def test_ordinary_words_stay(word: str) -> None:
    assert redact_arguments([word]) == [word]


def test_values_of_secret_variables_are_taken_out_wherever_they_stand() -> None:
    environment = {"DB_PASSWORD": "correct horse", "PATH": "battery staple", "SHORT_KEY": "abc"}

    assert redact("xcorrect horse, battery staple, abc", environment) == f"x{HIDDEN}, battery staple, abc"


def test_the_word_after_an_option_without_a_secret_stays() -> None:
    assert redact_arguments(["--token", "--verbose", "yes"]) == ["--token", "--verbose", "yes"]


@pytest.mark.parametrize(
    ("name", "secret"), [("NEPTUNE_API_TOKEN", True), ("AWS_SECRET_ACCESS_KEY", True), ("TOKENIZER", False)]
)
def test_names_of_secrets(name: str, *, secret: bool) -> None:
    assert is_secret_name(name) is secret
