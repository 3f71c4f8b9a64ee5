"""Text held against text: common passages, differences, spelling corrections."""
