"""What many texts or sessions of a study say together that none says alone."""
