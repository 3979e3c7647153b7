"""CloudFront and its bucket: the dashboard's files."""
