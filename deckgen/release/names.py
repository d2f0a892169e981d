"""The names of a release, its packages and its tag."""

from deckgen.project import Project


def release_name(project: Project) -> str:
    """The tag of a release, and the name of the folder with its files."""
    return f"{project.slug}-{project.version}"


def package_name(project: Project, part: str = "") -> str:
    """The file name of a package of a release. `part` is "-cleanup" for the package with the retired notes."""
    return f"{release_name(project)}{part}.apkg"


def retired_tag(project: Project) -> str:
    """The tag that retired notes get in Anki."""
    return f"{project.slug}::retired"
