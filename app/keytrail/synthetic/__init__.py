"""Synthetic text in stored studies: references, training, scoring, prevalence, cross-submission checks, replication."""
