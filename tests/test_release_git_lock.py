"""If git was killed, it may have left a lock file in the repository. A release names the file in one line, and is completed when it is removed."""

import pytest
from author import FIRST, new_author

from deckgen.problems import DeckError


def test_a_release_names_the_lock_file_that_a_killed_git_left(tmp_path):
    author = new_author(tmp_path / "author")
    author.write(FIRST, 0)
    for name in ("index.lock", "refs/tags/test-deck-1.0.0.lock"):
        left = author.home / ".git" / name
        left.touch()
        with pytest.raises(DeckError) as error:
            author.release("1.0.0", 1)
        (problem,) = error.value.problems
        assert problem.code == "git-failed" and f"Unable to create '{left}': File exists." in problem.message
        assert "\n" not in str(problem) and "remove the file manually to continue." in problem.message
        left.unlink()
    author.release("1.0.0", 2)
    assert author.git("tag").split() == ["test-deck-1.0.0"] and author.git("status", "--porcelain") == ""
