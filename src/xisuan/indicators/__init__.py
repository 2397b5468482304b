"""Official statistics: the catalogue of indicators and regions, and tracking of observations against targets."""
