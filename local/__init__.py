"""The template made to run on a laptop: `python -m local`.

moto stands in for DynamoDB, child processes for Lambda, and the gateway here for API Gateway. It
reads the translation of template.yaml that CloudFormation would get. What DynamoDB refuses, it
refuses too (local/dynamodb/limits). Not deployed, and nothing that is deployed imports it.
"""
