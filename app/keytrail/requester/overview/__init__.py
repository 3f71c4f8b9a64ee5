"""What a study came to so far, in figures and charts."""
