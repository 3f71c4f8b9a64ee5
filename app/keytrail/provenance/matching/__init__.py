"""Compare texts: common passages, differences, spelling corrections."""
