"""Information extraction from official bulletins: observations, and the reasons for numbers left unplaced."""
