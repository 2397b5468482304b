"""How firm it is: stress, estimates, record, outlooks."""
