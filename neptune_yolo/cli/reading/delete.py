"""``neptune-yolo delete``: runs into the trash, out of it, or away for ever."""

import sys

import click

from neptune_yolo.cli.administration import EXIT_NOT_FOUND
from neptune_yolo.cli.reading.common import EXIT_NONE, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_runs
from neptune_yolo.cli.reading.output import print_json
from neptune_yolo.cli.reading.values import plain
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import RequestRefusedError
from neptune_yolo.read.forms import RunHead
from neptune_yolo.read.searches import RunSearch

_AT_A_TIME = 1000
_SHOWN = 10
_EXIT_CODES = """
\b
Exit codes: 0 done, 1 nothing was found or the answer was no,
2 wrong use or something went wrong, 3 a run does not exist.
"""


@click.command("delete", epilog=_EXIT_CODES)
@click.argument("runs", nargs=-1, shell_complete=complete_runs)
@project_option
@click.option("--nql", metavar="<query>", help="Delete the runs that this query finds, in place of RUNS.")
@click.option("--for-good", is_flag=True, help="Delete for ever, with all files; also what is in the trash already.")
@click.option("--restore", is_flag=True, help="Take the runs out of the trash.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@json_option
@reading_command
def delete(
    api: ReadApi,
    runs: tuple[str, ...],
    project: str | None,
    nql: str | None,
    as_json: bool,
    **options: bool,
) -> None:
    """Put the runs RUNS into the trash, from where they can be restored, or with --for-good delete them for ever.

    \b
    neptune-yolo delete YOL-12
    neptune-yolo delete --nql '(training/status:string = "failed")' --yes
    neptune-yolo delete YOL-12 --for-good
    neptune-yolo delete YOL-12 --restore

    JSON is an object: "done" (ids of the runs) and "errors" (a sentence for each other one).
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if bool(runs) == bool(nql):
        raise click.UsageError("Expected runs, or --nql with a query, got both or neither.")
    if options["restore"] and options["for_good"]:
        raise click.UsageError("Expected --restore or --for-good, got both.")
    heads = _heads(api, runs, project) if runs else _found(api, str(nql), project, **options)
    if heads:
        _confirm(heads, **options)
    done: list[str] = []
    errors: list[str] = []
    for name in dict.fromkeys(head.project_name for head in heads):
        ids = [head.sys_id for head in heads if head.project_name == name]
        for start in range(0, len(ids), _AT_A_TIME):
            changed, refused = _change(api, name, ids[start : start + _AT_A_TIME], **options)
            done += changed
            errors += refused
    if as_json:
        print_json({"done": done, "errors": errors})
    for sentence in errors:
        click.echo(sentence, err=True)
    if not as_json:
        click.echo(f"{_what(**options)}: {', '.join(done)}." if done else "No runs fit.", err=not done)
    if errors or not done:
        raise SystemExit(EXIT_NOT_FOUND if errors else EXIT_NONE)


def _heads(api: ReadApi, runs: tuple[str, ...], project: str | None) -> list[RunHead]:
    places = dict.fromkeys(api.find_run(run, project) for run in runs)
    return [api.run(place.project, place.run) for place in places]


def _found(api: ReadApi, nql: str, project: str | None, *, restore: bool, for_good: bool, yes: bool) -> list[RunHead]:
    del yes
    trashed = None if for_good else restore
    return [row.run for row in api.search_runs(api.find_project(project), RunSearch(nql, trashed=trashed))]


def _what(*, restore: bool, for_good: bool, yes: bool) -> str:
    del yes
    return "Restored" if restore else "Deleted for ever" if for_good else "Put into the trash"


def _confirm(heads: list[RunHead], *, restore: bool, for_good: bool, yes: bool) -> None:
    if yes or restore:
        return
    for head in heads[:_SHOWN]:
        click.echo(f"{head.sys_id}  {plain(head.name, in_one_line=True)}", err=True)
    if len(heads) > _SHOWN:
        click.echo(f"... and {len(heads) - _SHOWN} more", err=True)
    if not sys.stdin.isatty():
        raise RequestRefusedError("Expected somebody to say yes, but nobody can be asked here. Give --yes.")
    question = "Delete them for ever, with all their files?" if for_good else "Put them into the trash?"
    if not click.confirm(question, err=True):
        raise SystemExit(EXIT_NONE)


def _change(
    api: ReadApi, project: str, ids: list[str], *, restore: bool, for_good: bool, yes: bool
) -> tuple[list[str], list[str]]:
    del yes
    if restore:
        outcome = api.restore_runs(project, ids)
        return outcome.changed, outcome.errors
    outcome = api.trash_runs(project, ids)
    if not for_good or not outcome.changed:
        return outcome.changed, outcome.errors
    deleted = api.delete_runs(project, outcome.changed)
    return deleted.changed, [*outcome.errors, *deleted.errors]
