"""Choice of the method for plans."""
