"""Neptune's integration for Optuna, unmodified, against this server."""

from typing import Any

import pytest

from neptune_yolo.server.embedded import EmbeddedServer

optuna: Any = pytest.importorskip("optuna")
neptune_optuna: Any = pytest.importorskip("neptune.integrations.optuna")

pytestmark = pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning", "ignore::FutureWarning")


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> str:
    server = EmbeddedServer().ensure_running()
    monkeypatch.setenv("NEPTUNE_API_TOKEN", server.api_token)
    monkeypatch.setenv("NEPTUNE_PROJECT", "local/search")
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    return server.api_token


def _objective(trial: Any) -> float:
    x: float = trial.suggest_float("x", -3, 3)
    return (x - 1) ** 2


@pytest.mark.usefixtures("token")
def test_a_study_is_logged_and_loaded_again() -> None:
    import neptune

    run = neptune.init_run(capture_hardware_metrics=False, source_files=[], git_ref=False)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    callback = neptune_optuna.NeptuneCallback(run, plots_update_freq=5)
    study.optimize(_objective, n_trials=10, callbacks=[callback])
    run.wait()
    assert run["trials/values"].fetch_last() == study.trials[-1].value
    assert len(run["trials/values"].fetch_values(progress_bar=False)) == 10
    assert run["best/value"].fetch() == study.best_value
    assert run["best/params"].fetch() == {"x": study.best_params["x"]}
    loaded = neptune_optuna.load_study_from_run(run)
    assert [trial.value for trial in loaded.trials] == [trial.value for trial in study.trials]
    run.stop()
