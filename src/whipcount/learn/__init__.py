"""Training and evaluation of the reading models: needs the `learn` extra."""
