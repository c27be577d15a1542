"""Running Regulars on a machine: its folder, its database server, its processes, its command line."""
