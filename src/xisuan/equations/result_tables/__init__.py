"""Result tables from the values of variables."""
