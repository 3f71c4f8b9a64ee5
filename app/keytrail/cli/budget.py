"""`keytrail budget …`: limits on what all studies of this installation together may commit."""

from typing import Annotated

import typer

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now

budget = typer.Typer(help="Set what all studies of this server together may commit.", no_args_is_help=True)


@budget.command("show")
def show() -> None:
    """Show each currency's budget, and how much of it is committed, fees included."""
    with open_installation() as at:
        _tell(at)


@budget.command("set")
def choose(
    currency: Annotated[str, typer.Argument(help="For example USD. Mechanical Turk charges USD.")],
    amount: Annotated[str, typer.Argument(help="For example 500.00, fees included; 'none' removes the limit.")],
) -> None:
    """Set a currency's budget. Once one has a budget, currencies without one allow nothing."""
    from keytrail.platform_actions.installation_budget import set_installation_budget
    from keytrail.platforms.money import parse_amount

    with open_installation() as at:
        with at.database.writing() as db:
            cents = None if amount == "none" else parse_amount(amount)
            set_installation_budget(db, currency, cents, None, utc_now())
        _tell(at)


def _tell(at: Installation) -> None:
    from keytrail.platform_actions.installation_budget import budget_lines
    from keytrail.platforms.money import money

    with at.database.reading() as db:
        lines = budget_lines(db, utc_now())
    for line in lines:
        most = "no limit" if line.most is None else money(line.most, line.currency)
        print(f"{line.currency}: {money(line.committed, line.currency)} committed, budget: {most}")
    if all(line.most is None for line in lines):
        print("No budget limits this server. Set one: keytrail budget set USD 500.00")
