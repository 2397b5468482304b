"""The structured interior-point method. It knows no scenario, only numbers."""
