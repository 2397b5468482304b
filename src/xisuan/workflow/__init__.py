"""Where verbs meet: one verb's result is handed to the next."""
