"""The tables that people read, recomputed from the values of a plan by the certificate's own reading of its scenario."""
