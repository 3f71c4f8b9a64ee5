"""The text classifier: features, training, evaluation, and the model that scores a text."""
