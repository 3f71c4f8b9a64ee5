"""Amounts as people read them. Addresses, forms and platforms' APIs have plain decimals instead."""


def money(cents: int, currency: str) -> str:
    """An amount with its currency: `1,204.50 USD`."""
    return f"{cents / 100:,.2f} {currency}"
