"""The rules of the marketplace: plain functions on a session; they never commit."""
