"""A sentence with what stands in it marked: names, places, figures, periods; nothing is decided yet."""
