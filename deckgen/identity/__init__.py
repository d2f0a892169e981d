"""Which note is which across builds: the lock remembers, reconciling decides."""
