"""From the model to the presolved, scaled standard form."""
