"""Page of an operated plan."""
