"""Lists of submissions: filters, the review queue, bulk decisions."""
