"""Random small scenario folders from a seed, with every table, column, rule and option that a plan reads.

`dice` has the features that can be left out by name; `places`, `equipment`, `energy`, `service`, `rules` and `cities`
draw the tables; `whole` puts them together and writes the folder, `forms` writes it in another form.
"""
