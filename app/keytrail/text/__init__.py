"""Synthetic text: normalisation, classifier, similarity, fusion with the log, prevalence.

Numbers and texts in, numbers out: no database, no web, no clock. Nothing is imported here, so that a page that
only needs the prevalence formulas does not pay for scikit-learn.
"""
