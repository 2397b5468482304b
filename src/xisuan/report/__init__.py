"""From a result to specifications of charts, maps and tables, and from those to one HTML page and one workbook."""
