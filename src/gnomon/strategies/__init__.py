"""Choice among the methods of solution, with the time and memory expected of each."""
