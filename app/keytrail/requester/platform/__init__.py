"""The pages Platform and Payments: publish, pay, exclude."""
