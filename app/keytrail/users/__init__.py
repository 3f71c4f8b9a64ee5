"""Accounts, sign-ins and API tokens of the people who use the dashboard."""
