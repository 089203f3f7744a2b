"""``neptune-yolo user``: users of a server."""

from typing import TYPE_CHECKING

import click

from neptune_yolo.cli.administration import (
    PasswordSource,
    any_server,
    moment_text,
    print_table,
    read_password,
    yes_or_no,
)

if TYPE_CHECKING:
    from neptune_yolo.server.administration import Administration

_WORKSPACE_ROLES = ("member", "owner")


@click.group()
def user() -> None:
    """Make, list and disable users. The exit code is 3 for what does not exist, 4 for what exists already."""


@user.command()
@click.argument("name")
@click.option("--admin", "is_admin", is_flag=True, help="May do everything on this server.")
@click.option("--service-account", is_flag=True, help="The account of a program.")
@click.option("--member-of", multiple=True, metavar="<workspace>", help="Make the user a member of this workspace.")
@click.option("--owner-of", multiple=True, metavar="<workspace>", help="Make the user an owner of this workspace.")
@click.option(
    "--password",
    "source",
    type=click.Choice([source.value for source in PasswordSource]),
    help="Give a password, to sign in on the pages with: ask for it, or read a line of standard input.",
)
@any_server
def add(
    administration: "Administration",
    *,
    name: str,
    is_admin: bool,
    service_account: bool,
    member_of: tuple[str, ...],
    owner_of: tuple[str, ...],
    source: str | None,
) -> None:
    """Make a user. The first one of a new server should be an --admin."""
    from neptune_yolo.server.administration import NewUser

    secret = None if source is None else read_password(PasswordSource(source))
    workspaces = {**dict.fromkeys(member_of, "member"), **dict.fromkeys(owner_of, "owner")}
    new = NewUser(name, is_admin=is_admin, is_service_account=service_account)
    for workspace in administration.add_user(new, secret, workspaces):
        _tell_made(workspace)
    click.echo(f"User {name} is made. `neptune-yolo token create {name}` makes an API token.")


@user.command(name="list")
@any_server
def list_users(administration: "Administration") -> None:
    """List all users."""
    print_table(
        ("NAME", "ACTIVE", "ADMIN", "PROGRAM", "SINCE"),
        (
            (
                found.name,
                yes_or_no(found.is_active),
                yes_or_no(found.is_admin),
                yes_or_no(found.is_service_account),
                moment_text(found.created_ms),
            )
            for found in administration.users.list_all()
        ),
    )


@user.command()
@click.argument("name")
@any_server
def disable(administration: "Administration", *, name: str) -> None:
    """Let a user sign in no more; all tokens of the user are refused from now on."""
    administration.users.set_active(name, is_active=False)
    click.echo(f"User {name} is disabled.")


@user.command()
@click.argument("name")
@any_server
def enable(administration: "Administration", *, name: str) -> None:
    """Let a disabled user sign in again."""
    administration.users.set_active(name, is_active=True)
    click.echo(f"User {name} is enabled.")


@user.command()
@click.argument("name")
@click.option(
    "--from",
    "source",
    type=click.Choice([source.value for source in PasswordSource]),
    default=PasswordSource.ASK.value,
    show_default=True,
    help="Ask for it, or read a line of standard input.",
)
@any_server
def password(administration: "Administration", *, name: str, source: str) -> None:
    """Give a user a new password; pages that were opened with the old one are closed."""
    administration.users.set_password(name, read_password(PasswordSource(source)))
    click.echo(f"User {name} has a new password.")


@user.command()
@click.argument("name")
@click.argument("workspace")
@click.option("--role", type=click.Choice(_WORKSPACE_ROLES), default="member", show_default=True, help="What as.")
@any_server
def join(administration: "Administration", *, name: str, workspace: str, role: str) -> None:
    """Make a user a member or an owner of a workspace; owners own all its projects."""
    if administration.join_workspace(name, workspace, role):
        _tell_made(workspace)
    click.echo(f"User {name} is {role} of workspace {workspace}.")


@user.command()
@click.argument("name")
@click.argument("workspace")
@any_server
def leave(administration: "Administration", *, name: str, workspace: str) -> None:
    """Take a user out of a workspace."""
    administration.users.leave_workspace(name, workspace)
    click.echo(f"User {name} is no member of workspace {workspace} any more.")


def _tell_made(workspace: str) -> None:
    click.echo(f"Workspace {workspace} is made: there was none of that name.")
