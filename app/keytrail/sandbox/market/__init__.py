"""The rules of the marketplace: plain functions that take a session and never commit."""
