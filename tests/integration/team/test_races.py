"""Several processes that want the same thing for the first time at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore


def _at_once(settings: ServerSettings, action: Callable[[ServiceFactory], object]) -> list[object]:
    settings = replace(settings, create_projects=True)
    stores = [SqlStore(settings.database_url) for _ in range(4)]
    factories = [ServiceFactory(store, DiskBlobStore(settings.file_root), settings) for store in stores]
    with ThreadPoolExecutor(len(stores)) as pool:
        results = list(pool.map(action, factories))
    for store in stores:
        store.close()
    return results


def test_a_project_is_made_once(team_settings: ServerSettings) -> None:
    def use(factory: ServiceFactory) -> str:
        return factory.for_caller(Caller("root", is_admin=True)).projects.get_or_create("new/signs").id

    assert len(set(_at_once(team_settings, use))) == 1


def test_keys_of_projects_differ(team_settings: ServerSettings) -> None:
    def use(factory: ServiceFactory) -> str:
        name = f"new/sign {id(factory)}"
        return factory.for_caller(Caller("root", is_admin=True)).projects.get_or_create(name).key

    assert sorted(map(str, _at_once(team_settings, use))) == ["SIG", "SIG2", "SIG3", "SIG4"]


def test_the_signing_key_is_made_once_and_kept(team_settings: ServerSettings) -> None:
    def use(factory: ServiceFactory) -> str:
        return factory.accounts.prepare(team_settings).signing_key

    made = set(_at_once(team_settings, use))
    assert len(made) == 1
    assert set(_at_once(team_settings, use)) == made
    assert repr(team_settings).count(str(made.pop())) == 0
