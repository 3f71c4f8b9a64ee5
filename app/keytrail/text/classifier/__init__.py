"""The classifier: what it sees, how it is trained and evaluated, and the model that scores a text."""
