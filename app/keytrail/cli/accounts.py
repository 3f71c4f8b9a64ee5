"""`keytrail user …` and `keytrail token …`."""

import secrets
from typing import Annotated

import typer

from keytrail.cli.opened import opened
from keytrail.users.accounts import add_user, user_by_email
from keytrail.users.passwords import set_password
from keytrail.users.tokens import create_token
from keytrail.web.services import utc_now

users = typer.Typer(help="People who sign in to the dashboard.", no_args_is_help=True)
tokens = typer.Typer(help="Bearer tokens for the JSON API.", no_args_is_help=True)


@tokens.callback()
def _tokens() -> None:
    """Keep 'token' a group with one command."""


@users.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Shown beside decisions.")] = "",
    password: Annotated[str, typer.Option(help="Default: a generated one, printed once.", envvar="NEW_PASSWORD")] = "",
) -> None:
    """Add a user."""
    chosen = password or secrets.token_urlsafe(12)
    with opened() as at, at.database.writing() as db:
        user = add_user(db, email, name, chosen, utc_now())
        print(f"Added {user.email}." if password else f"Added {user.email}. Password: {chosen}")


@users.command("password")
def password(
    email: str,
    new: Annotated[str, typer.Option(help="Default: a generated one, printed once.", envvar="NEW_PASSWORD")] = "",
) -> None:
    """Set a user's password and sign the user out everywhere."""
    chosen = new or secrets.token_urlsafe(12)
    with opened() as at, at.database.writing() as db:
        user = user_by_email(db, email)
        set_password(db, user, chosen)
        print(f"{user.email} has a new password." if new else f"{user.email} has a new password: {chosen}")


@tokens.command("create")
def create(email: str, name: Annotated[str, typer.Option(help="What the token is for.")] = "command line") -> None:
    """Create a token with a user's rights and print it once."""
    with opened() as at, at.database.writing() as db:
        print(create_token(db, user_by_email(db, email), name, utc_now()))
