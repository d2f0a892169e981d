"""The same examples in every run: a suite that fails today and passes tomorrow says nothing."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, database=None)
settings.load_profile("steady")
