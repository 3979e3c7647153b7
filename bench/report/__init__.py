"""What was measured, as ratios, a table and a plot."""
