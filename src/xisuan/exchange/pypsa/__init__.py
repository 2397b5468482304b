"""A plan as a PyPSA network, a second opinion."""
