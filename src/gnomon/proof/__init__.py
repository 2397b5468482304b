"""What an answer is worth: bounds, repair, outside check."""
