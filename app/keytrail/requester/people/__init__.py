"""The team: signing in, accounts, roles, invitations."""
