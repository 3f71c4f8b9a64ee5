"""The 2023 studies done again from their files: one folder in, figures out (docs/replication.md)."""
