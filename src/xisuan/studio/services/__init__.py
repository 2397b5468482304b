"""Services of the studio: each verb that a user can do, once."""
