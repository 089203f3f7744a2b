"""``neptune-yolo project``: projects of a server, and their members."""

from typing import TYPE_CHECKING

import click

from neptune_yolo.cli.administration import EXIT_NOT_FOUND, any_server, print_table, yes_or_no

if TYPE_CHECKING:
    from neptune_yolo.server.administration import Administration

_VISIBILITIES = ("priv", "workspace", "pub")
_ROLES = ("viewer", "contributor", "owner")


@click.group()
def project() -> None:
    """Create, list and delete projects, and say who may use them.

    The exit code is 3 for what does not exist, 4 for what exists already.
    """


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@click.option("--key", help="Beginning of its runs' ids, such as YOL. Default: from the name.")
@click.option(
    "--visibility",
    type=click.Choice(_VISIBILITIES),
    default="workspace",
    show_default=True,
    help="priv: members only; workspace: members of the workspace contribute; pub: every user may read.",
)
@click.option("--description", help="A sentence about it.")
@any_server
def create(
    administration: "Administration", *, name: str, key: str | None, visibility: str, description: str | None
) -> None:
    """Create a project, and its workspace if there is none."""
    made = administration.create_project(name, key=key, visibility=visibility, description=description)
    click.echo(f"Project {made.name} is created; its key is {made.key}.")


@project.command(name="list")
@click.option("--workspace", help="Of this workspace only.")
@any_server
def list_projects(administration: "Administration", *, workspace: str | None) -> None:
    """List all projects."""
    print_table(
        ("PROJECT", "KEY", "VISIBILITY", "ID"),
        ((str(found.name), found.key, found.visibility, found.id) for found in administration.list_projects(workspace)),
    )


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@any_server
def members(administration: "Administration", *, name: str) -> None:
    """List who belongs to a project, by themselves or by its workspace."""
    print_table(
        ("USER", "ROLE", "PROGRAM"),
        (
            (member.user.name, member.role.name.lower(), yes_or_no(member.user.is_service_account))
            for member in administration.list_members(name)
        ),
    )


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@click.argument("user_name", metavar="USER")
@click.option("--role", type=click.Choice(_ROLES), default="contributor", show_default=True, help="What as.")
@any_server
def add_member(administration: "Administration", *, name: str, user_name: str, role: str) -> None:
    """Make a user a member of a project, or give a member another role."""
    administration.add_member(name, user_name, role)
    click.echo(f"User {user_name} is {role} of project {name}.")


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@click.argument("user_name", metavar="USER")
@any_server
def remove_member(administration: "Administration", *, name: str, user_name: str) -> None:
    """Take a user out of a project."""
    administration.remove_member(name, user_name)
    click.echo(f"User {user_name} is no member of project {name} any more.")


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@any_server
def trash(administration: "Administration", *, name: str) -> None:
    """List what lies in a project's trash."""
    print_table(("ID", "KIND", "OWNER"), ((c.sys_id, c.type, c.owner) for c in administration.list_trash(name)))


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
@any_server
def restore(administration: "Administration", *, name: str, identifiers: tuple[str, ...]) -> None:
    """Take runs, models and versions out of the trash: a model with its versions, a version with its model."""
    outcome = administration.restore_from_trash(name, identifiers)
    for identifier in outcome.changed:
        click.echo(f"{identifier} is restored.")
    for error in outcome.errors:
        click.echo(error, err=True)
    if outcome.errors:
        raise SystemExit(EXIT_NOT_FOUND)


@project.command()
@click.argument("name", metavar="WORKSPACE/NAME")
@click.option("--yes", is_flag=True, help="Do not ask.")
@any_server
def delete(administration: "Administration", *, name: str, yes: bool) -> None:
    """Delete a project with all its runs, models and files, for ever."""
    if not yes:
        click.confirm(f"Delete {name} with all that is in it, for ever?", abort=True, err=True)
    administration.delete_project(name)
    click.echo(f"Project {name} is deleted.")
