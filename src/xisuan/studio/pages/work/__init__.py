"""Parts of the pages of runs: forms of the verbs, exports, and the queue."""
