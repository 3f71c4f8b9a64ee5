"""Select, order and search submissions for lists and the review queue."""
