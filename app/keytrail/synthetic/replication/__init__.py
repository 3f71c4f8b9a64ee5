"""Replicate the 2023 studies from their files (docs/replication.md)."""
