"""Values of variables back to tables that people read."""
