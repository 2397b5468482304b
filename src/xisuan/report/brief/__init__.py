"""The brief: finding, six answers, the region year by year, and the decisions due: the first screen and first page."""
