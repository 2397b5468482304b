"""Official bulletins to observations: numbers, what they measure, where and when, or why that is not certain."""
