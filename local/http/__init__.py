"""HTTP: messages, the server, and which part of the run answers what."""
