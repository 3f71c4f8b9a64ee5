"""Synthetic text as a use case: references, training, scoring, prevalence of a stored study, replication."""
