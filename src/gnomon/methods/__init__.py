"""Choice of the method, and estimates of its time and memory."""
