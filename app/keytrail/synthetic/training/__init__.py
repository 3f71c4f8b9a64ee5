"""A study's classifier: reference texts, training, error rates and scores."""
