"""Import tests: Anki's engine imports a package as the desktop program does by default. The result is compared with the diff."""
