"""No plan: which statements, and how much they must give."""
