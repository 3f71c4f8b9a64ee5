"""The people who work: in a study, one by one, and whom an owner keeps out."""
