"""The rules: from the facts of a session to findings and a verdict."""
