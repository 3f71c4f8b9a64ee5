"""Operations: an installation's health, metrics and backups."""
