"""CloudWatch Logs: a stage's access log, and its subscriptions."""
