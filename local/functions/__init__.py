"""Lambda: a child process for each function, in the environment that the template gives it."""
