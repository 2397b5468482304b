"""What each figure of a sentence says: which indicator, of which place and time, as level, growth, share or rank."""
