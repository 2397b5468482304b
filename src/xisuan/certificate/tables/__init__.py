"""Result tables, recomputed from the values of a plan by the certificate's own reading of its scenario."""
