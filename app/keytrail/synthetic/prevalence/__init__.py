"""Prevalence of a stored study, and the comparison of its conditions."""
