"""Published figures as series, and their forecasts."""
