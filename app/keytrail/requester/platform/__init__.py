"""What is asked of a marketplace: publishing and paying."""
