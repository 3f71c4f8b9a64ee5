"""Format money for people. Addresses, forms and platforms' APIs use plain decimals instead."""


def money(cents: int, currency: str) -> str:
    """Format an amount with its currency: `1,204.50 USD`."""
    return f"{cents / 100:,.2f} {currency}"
