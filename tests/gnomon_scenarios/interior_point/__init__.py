"""The structured interior point on assembled models."""
