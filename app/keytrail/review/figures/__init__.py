"""Figures of a study, its items and its workers, counted by the database."""
