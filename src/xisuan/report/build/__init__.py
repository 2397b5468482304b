"""Building: orders, growth, replacement, yearly limits."""
