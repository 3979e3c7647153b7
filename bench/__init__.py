"""What a cold start and a request cost, as ratios to boto3 in the same run: `make bench`."""
