"""Commands on official indicators and targets."""
