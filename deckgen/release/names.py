"""The names of a release, its packages and its tag."""

from deckgen.project import Project


def release_name(project: Project) -> str:
    """The tag of a release, and the name of the folder with its files."""
    return f"{project.slug}-{project.version}"


def package_name(project: Project, part: str = "") -> str:
    """The name of a release's package; `part` is `-cleanup` for that with the retired notes."""
    return f"{release_name(project)}{part}.apkg"


def retired_tag(project: Project) -> str:
    """The tag of retired notes."""
    return f"{project.slug}::retired"
