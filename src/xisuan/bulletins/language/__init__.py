"""Words, numbers and times of Chinese and English bulletins."""
