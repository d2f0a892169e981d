"""Import tests: Anki's own engine imports a package as the desktop does by default. The outcome is compared with the diff."""
