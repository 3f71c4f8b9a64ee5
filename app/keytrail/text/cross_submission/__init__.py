"""Comparisons across a study's submissions: near-duplicates, shared rhythm, cohorts."""
