"""DynamoDB's documented limits, in front of emulators that are laxer than AWS."""
