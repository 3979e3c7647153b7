"""API Gateway, as far as the template uses it: the steps of a request in AWS's order."""
