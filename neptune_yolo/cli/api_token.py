"""``neptune-yolo token``: API tokens of a team server."""

import time
from typing import TYPE_CHECKING

import click

from neptune_yolo.cli.administration import moment_text, print_table, team_server
from neptune_yolo.envs import OAUTHLIB_INSECURE_TRANSPORT

if TYPE_CHECKING:
    from neptune_yolo.server.administration import Administration


@click.group()
def token() -> None:
    """Make, list and revoke API tokens. The embedded server has one token only: see `neptune-yolo env`.

    The exit code is 3 for what does not exist.
    """


@token.command()
@click.argument("user_name", metavar="USER")
@click.option("--label", default="", help="What it is for.")
@click.option("--days", type=click.FloatRange(min=0, min_open=True), help="How long it is good. Default: for ever.")
@team_server
def create(administration: "Administration", *, user_name: str, label: str, days: float | None) -> None:
    """Make an API token and print it, this once; set NEPTUNE_API_TOKEN to it."""
    made, text = administration.create_token(user_name, label, days)
    end = "without an end" if made.expires_ms is None else f"until {moment_text(made.expires_ms)}"
    click.echo(
        f"Token {made.id} of {user_name}, {end}. It is shown only now; set NEPTUNE_API_TOKEN to it:",
        err=True,
    )
    click.echo(text)
    url = administration.settings.public_url
    if url.startswith("http://"):
        click.echo(
            f"{url} is plain http, which the client refuses unless this is set beside it:\n"
            f"export {OAUTHLIB_INSECURE_TRANSPORT}=1",
            err=True,
        )


@token.command(name="list")
@click.argument("user_name", metavar="[USER]", required=False)
@team_server
def list_tokens(administration: "Administration", *, user_name: str | None) -> None:
    """List the tokens of a user, or of all, without their secrets."""
    now_ms = int(time.time() * 1000)
    print_table(
        ("ID", "USER", "LABEL", "VALID", "MADE", "UNTIL", "LAST USE"),
        (
            (
                found.id,
                found.user_name,
                found.label,
                "yes" if found.is_valid(now_ms) else "revoked" if found.revoked_ms else "expired",
                moment_text(found.created_ms),
                moment_text(found.expires_ms),
                moment_text(found.used_ms),
            )
            for found in administration.users.list_tokens(user_name)
        ),
    )


@token.command()
@click.argument("token_id", metavar="ID")
@team_server
def revoke(administration: "Administration", *, token_id: str) -> None:
    """Let a token be valid no more, from now on; `list` prints the ids."""
    before_ms = administration.users.revoke_token(token_id)
    click.echo(
        f"Token {token_id} is revoked."
        if before_ms is None
        else f"Token {token_id} was revoked already, on {moment_text(before_ms)}."
    )
