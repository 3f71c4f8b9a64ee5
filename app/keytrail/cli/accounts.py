"""Manage accounts: `keytrail user …` and `keytrail token …`."""

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.users.scopes import READING, SCOPES

if TYPE_CHECKING:
    from keytrail.models import User


users = typer.Typer(help="Manage the dashboard's users.", no_args_is_help=True)
tokens = typer.Typer(help="Manage bearer tokens for the JSON API.", no_args_is_help=True)


@tokens.callback()
def _tokens() -> None:
    """Make 'token' a group with a single command."""


@users.command("add")
def add(
    email: str,
    name: Annotated[str, typer.Option(help="Shown beside decisions.")] = "",
    password: Annotated[str, typer.Option(help="Default: a generated one, printed once.", envvar="NEW_PASSWORD")] = "",
    create_studies: Annotated[bool, typer.Option(help="May create studies.")] = True,
    spend: Annotated[bool, typer.Option(help="May publish and pay with this server's platform accounts.")] = True,
    operator: Annotated[bool, typer.Option(help="May grant rights and set budgets in the dashboard.")] = False,
) -> None:
    """Add a user. By default the user may create studies, publish and pay."""
    from keytrail.users.accounts import add_user
    from keytrail.users.hashing import hash_password
    from keytrail.users.rights import Rights

    chosen = password or secrets.token_urlsafe(12)
    hashed = hash_password(chosen)
    with open_installation() as at, at.database.writing() as db:
        user = add_user(db, email, name, hashed, utc_now(), rights=Rights(create_studies, spend, operator))
    print(f"Added {user.email}." if password else f"Added {user.email}. Password: {chosen}")


@users.command("rights")
def rights(
    email: str,
    create_studies: Annotated[bool | None, typer.Option(help="May create studies.")] = None,
    spend: Annotated[
        bool | None, typer.Option(help="May publish and pay with this server's platform accounts.")
    ] = None,
    operator: Annotated[bool | None, typer.Option(help="May grant rights and set budgets in the dashboard.")] = None,
) -> None:
    """Grant or revoke a user's rights; without an option, show them."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.rights import Rights, rights_of, set_rights

    with open_installation() as at, at.database.writing() as db:
        user = user_by_email(db, email)
        before = rights_of(user)
        chosen = Rights(
            before.create_studies if create_studies is None else create_studies,
            before.spend if spend is None else spend,
            before.operator if operator is None else operator,
        )
        set_rights(db, user, chosen, None, utc_now())
    print(_line(user))


@users.command("list")
def show() -> None:
    """List all accounts with their rights."""
    from keytrail.users.rights import everybody

    with open_installation() as at, at.database.reading() as db:
        for user in everybody(db):
            print(_line(user))


def _line(user: "User") -> str:
    from keytrail.users.rights import rights_of

    held = rights_of(user)
    words = (
        ("create studies", held.create_studies),
        ("publish and pay", held.spend),
        ("operate", held.operator),
    )
    return f"{user.email}  {user.name}: {', '.join(word for word, has in words if has) or 'no rights'}"


@users.command("password")
def password(
    email: str,
    new: Annotated[str, typer.Option(help="Default: a generated one, printed once.", envvar="NEW_PASSWORD")] = "",
) -> None:
    """Set a user's password, sign the user out everywhere and revoke the user's tokens."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.hashing import hash_password
    from keytrail.users.passwords import set_password

    chosen = new or secrets.token_urlsafe(12)
    hashed = hash_password(chosen)
    with open_installation() as at, at.database.writing() as db:
        user = user_by_email(db, email)
        set_password(db, user, hashed)
    print(f"{user.email} has a new password." if new else f"{user.email} has a new password: {chosen}")


@users.command("codes-off")
def codes_off(email: str) -> None:
    """Turn one-time codes off for a user whose device is lost. Make sure that the request is theirs."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.one_time_codes import forget_codes

    with open_installation() as at, at.database.writing() as db:
        user = user_by_email(db, email)
        forget_codes(user)
    print(f"{user.email} signs in by password alone now.")


@users.command("link")
def link(
    email: str,
    subject: Annotated[str, typer.Argument(help="How the OpenID provider or the proxy names this person (sub).")],
) -> None:
    """Let somebody whom the institution authenticates use an existing account."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.provider_accounts import PROXY, link_account

    with open_installation() as at, at.database.writing() as db:
        issuer = at.settings.oidc_issuer or PROXY
        link_account(db, user_by_email(db, email), issuer, subject, utc_now())
    print(f"{email} may sign in as {subject} of {issuer}.")


@users.command("unlink")
def unlink(email: str) -> None:
    """End sign-in at the institution for an account, and sign it out everywhere."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.provider_accounts import unlink_account

    with open_installation() as at, at.database.writing() as db:
        unlink_account(db, user_by_email(db, email), utc_now())
    print(f"{email} is no longer linked.")


@users.command("sign-in-link")
def sign_in_link(email: str) -> None:
    """Print a link that signs a user in once, without password or code: the way back in. Give it to nobody else."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.reset_links import SIGN_IN_LINK_MINUTES, make_sign_in_link

    with open_installation() as at, at.database.writing() as db:
        secret = make_sign_in_link(db, user_by_email(db, email), utc_now())
    print(f"Works once, for {SIGN_IN_LINK_MINUTES} minutes: {at.settings.public_url}/invitation/{secret}")


@tokens.command("create")
def create(
    email: str,
    name: Annotated[str, typer.Option(help="What the token is for.")] = "command line",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help=f"What it may do; give it several times. Default: {' '.join(READING)}. Of: {', '.join(SCOPES)}."
        ),
    ] = None,
) -> None:
    """Create a token with a user's rights, as far as its scopes go, and print it once."""
    from keytrail.users.accounts import user_by_email
    from keytrail.users.tokens import create_token

    with open_installation() as at, at.database.writing() as db:
        token = create_token(db, user_by_email(db, email), name, utc_now(), scopes=scope or READING)
    print(token)
