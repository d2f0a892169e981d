"""The identity of notes across builds. The lock stores it; reconciling decides it."""
