"""The identity of notes across builds: the lock stores it, reconciling decides it."""
