"""Accounts and teams: signing in, account settings, roles, invitations."""
