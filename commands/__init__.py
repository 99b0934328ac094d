"""What can be asked on the command line, by subject; `cli.py` puts the commands together."""
