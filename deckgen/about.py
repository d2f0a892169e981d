"""What a deck says of itself on its page in Anki."""

from deckgen.commonmark import link, literal
from deckgen.project import Project
from deckgen.words import WORDS


def about(project: Project) -> str:
    """The deck's description in Markdown: the author's own, the facts of deck.toml, how to update."""
    words = WORDS[project.language]
    facts = [
        words.version.format(version=literal(project.version)),
        words.author.format(author=literal(project.author)) if project.author else "",
        words.license.format(license=literal(project.license)) if project.license else "",
        words.homepage.format(homepage=link(project.homepage)) if project.homepage else "",
    ]
    return "\n\n".join(filter(None, [project.description.strip(), "\n".join(f"- {fact}" for fact in facts if fact), words.update, words.always]))
