"""What is deployed, read from its files: the template, the page, and where things are."""
