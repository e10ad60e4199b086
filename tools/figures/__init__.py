"""What the cells of notebooks call: recorded figures as charts and tables."""
