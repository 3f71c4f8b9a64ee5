"""Generate reference texts about a study's items with language models."""
