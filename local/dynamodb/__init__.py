"""DynamoDB: moto in this process or a server that is given, and its streams."""
