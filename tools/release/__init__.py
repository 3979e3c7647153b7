"""Makes what is deployed, deploys it, and publishes the page."""
