"""Words as a statistician lists them in `vocabulary`, and how numbers, units and stretches of time are written."""
