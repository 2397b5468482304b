"""Page of a trace."""
