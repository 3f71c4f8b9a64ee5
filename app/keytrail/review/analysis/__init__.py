"""Analyse stored logs and store reports."""
