"""Text analysis: normalisation, classifier, similarity, fusion with the log, prevalence.

Pure functions: no database, no web, no clock. Nothing is imported here, so that a page that only needs the prevalence
formulas does not load scikit-learn.
"""
