"""What a study, its items and its workers come to, counted by the database."""
