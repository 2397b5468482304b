"""What single tables do not show."""
