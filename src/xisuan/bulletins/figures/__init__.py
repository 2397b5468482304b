"""What each number is: its kind, indicator, days, region and status."""
