"""Tests how requests become pictures: frozen pictures, workers, and failures as values."""

import os
import subprocess
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from decks import write_deck
from figure_texts import LINE
from PIL import Image

import deckgen
from deckgen import DISTRIBUTION
from deckgen.figures import Figures
from deckgen.model import Media
from deckgen.problems import FigureError

HOME = Path(deckgen.__file__).parents[1]
CASES = sorted((Path(__file__).parent / "cases" / "failures").glob("*.py"))
LOOKS = sorted((Path(__file__).parent / "cases" / "looks").glob("*.py"))
assert CASES and LOOKS


class Counting(ThreadPoolExecutor):
    """An executor that records its tasks."""

    def __init__(self):
        super().__init__(1)
        self.submitted = []

    def submit(self, function, /, *args, **kwargs):
        self.submitted.append(args)
        return super().submit(function, *args, **kwargs)


class Refusing(Executor):
    """An executor that fails if it gets a task."""

    def submit(self, function, /, *args, **kwargs):
        raise AssertionError(f"asked to compute {args}")


def test_a_media_name_contains_the_digest_of_the_picture(folder, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(
        folder(shapes=LINE.replace("def line", "def Line_2").replace("@line", "@Line_2")), tmp_path / "cache"
    )
    request = figures.request("figure:Line_2")
    media = figures.compute([request], workers)[request]
    digest = sha256(media.path.read_bytes()).hexdigest()
    assert media.name == f"fig-line-2-{digest[:16]}.webp"
    assert {*(tmp_path / "cache").iterdir()} == {media.path, media.path.with_suffix(".json")}


def test_a_picture_is_780_pixels_wide_lossless_and_transparent(folder, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")
    request = figures.request("figure:line")
    path = figures.compute([request], workers)[request].path
    assert b"VP8L" in path.read_bytes()[:40]
    with Image.open(path) as image:
        assert (image.format, image.mode, image.size) == ("WEBP", "RGBA", (780, 390))
        assert image.getpixel((0, 0))[3] == 0
        assert image.getchannel("A").getextrema() == (0, 255)


def test_a_frozen_picture_is_not_computed_again(folder, tmp_path: Path, workers: Executor) -> None:
    first = Figures(folder(shapes=LINE), tmp_path / "cache")
    request = first.request("figure:line")
    computed = first.compute([request], workers)
    again = Figures(tmp_path / "figures", tmp_path / "cache").compute([request], Refusing())
    assert again == computed


def test_equal_requests_are_computed_once(folder, tmp_path: Path) -> None:
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")
    requests = [figures.request(ref) for ref in ("figure:line", "figure:line?n=3", "figure:line?n=4")]
    with Counting() as executor:
        answers = figures.compute(requests, executor)
    assert len(executor.submitted) == len(answers) == 2


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-7], lambda whole: b"", lambda whole: whole[:99] + b"?" + whole[100:]]
)
def test_a_damaged_frozen_picture_is_computed_again(folder, tmp_path: Path, workers: Executor, damage) -> None:
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")
    request = figures.request("figure:line")
    media = figures.compute([request], workers)[request]
    whole = media.path.read_bytes()
    media.path.write_bytes(damage(whole))
    assert figures.compute([request], workers)[request] == media
    assert media.path.read_bytes() == whole


def test_a_reused_worker_runs_the_current_code(folder, tmp_path: Path, workers: Executor) -> None:
    """The new text has the same size and time. Neither bytecode on disk nor a loaded module may be used instead."""
    helper = "def check(n):\n    assert n != {}, 'n is {}'\n"
    main = LINE.replace("assert n > 0", "import tools; tools.check(n); assert n")
    for bad, expected in ((3, FigureError), (4, Media), (3, FigureError)):
        figures = Figures(folder(shapes=main, tools=helper.format(bad, bad)), tmp_path / f"cache-{bad}")
        request = figures.request("figure:line")
        assert isinstance(figures.compute([request], workers)[request], expected)


def test_figures_import_each_other_and_sub_packages(folder, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(
        folder(
            {
                "main": "from shapes import line\n" + LINE.replace("line", "other"),
                "shapes": "import style_helpers\nfrom models.core import two\nassert two() == style_helpers.TWO\n"
                + LINE,
                "models/core": "from . import base\ndef two(): return base.TWO",
                "models/base": "TWO = 2",
                "style_helpers": "TWO = 2",
            }
        ),
        tmp_path / "cache",
    )
    requests = [figures.request("figure:line"), figures.request("figure:other")]
    assert all(isinstance(each, Media) for each in figures.compute(requests, workers).values())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_failure_is_a_value_that_names_figure_parameters_and_cause(
    case: Path, tmp_path: Path, workers: Executor
) -> None:
    directory = tmp_path / "figures"
    directory.mkdir()
    (directory / case.name).write_bytes(case.read_bytes())
    figures = Figures(directory, tmp_path / "cache")
    request = figures.request("figure:line")
    error = figures.compute([request], workers)[request]
    assert isinstance(error, FigureError)
    assert f"# {error.code}: {error}".startswith(case.read_text("utf-8").splitlines()[0])
    assert not [*tmp_path.glob("cache/*")]


@pytest.mark.parametrize("case", LOOKS, ids=lambda case: case.stem)
def test_a_readable_picture_is_accepted(case: Path, tmp_path: Path, workers: Executor) -> None:
    directory = tmp_path / "figures"
    directory.mkdir()
    (directory / case.name).write_bytes(case.read_bytes())
    figures = Figures(directory, tmp_path / "cache")
    assert isinstance(figures.compute(figures.declared, workers)[figures.declared[0]], Media)


def test_a_traceback_shows_only_the_authors_frames(folder, tmp_path: Path, workers: Executor) -> None:
    directory = folder(
        shapes=LINE.replace("assert n > 0", "import tools; tools.verify(n); assert n"),
        tools="import numpy\ndef verify(n):\n    numpy.linalg.inv(numpy.zeros((n, n)))\n",
    )
    figures = Figures(directory, tmp_path / "cache")
    request = figures.request("figure:line?n=2")
    lines = str(figures.compute([request], workers)[request]).splitlines()
    assert lines[0] == (
        "figure line(grid=False, n=2, slope=1.0, title='线'): its check failed: LinAlgError: Singular matrix"
    )
    files = [line.strip() for line in lines if line.startswith("  File")]
    assert files == [f'File "{directory}/shapes.py", line 18, in _', f'File "{directory}/tools.py", line 3, in verify']
    assert "numpy.linalg.inv(numpy.zeros((n, n)))" in lines[-2] + lines[-1]


def test_one_failure_does_not_affect_other_figures(folder, tmp_path: Path, workers: Executor) -> None:
    figures = Figures(folder(shapes=LINE), tmp_path / "cache")
    requests = [figures.request(f"figure:line?n={n}") for n in (2, 0, 4)]
    answers = figures.compute([*requests, requests[0]], workers)
    assert [*map(type, answers.values())] == [Media, FigureError, Media]
    assert [*answers] == requests
    assert isinstance(figures.compute(requests[1:2], workers)[requests[1]], FigureError)


LEAVING = """
assert not hasattr(sys, "left"), "another figure was here"
sys.left = numpy.random.random()
numpy.set_printoptions(precision=1)
"""


def test_a_figure_does_not_see_changes_by_another(folder, tmp_path: Path) -> None:
    """Not even the state of the global random numbers."""
    directory = folder(
        shapes=LINE.replace("slope * x for x in range(n)", "*numpy.random.random(9)").replace(
            "from", "import numpy\nfrom", 1
        ),
        rude="import numpy, sys\n" + LEAVING + LINE.replace("line", "rude"),
    )
    names = []
    for refs in (["figure:line"], ["figure:rude", "figure:rude?n=4", "figure:line"]):
        figures = Figures(directory, tmp_path / f"cache-{len(refs)}")
        with Counting() as one_thread:
            answers = figures.compute(map(figures.request, refs), one_thread)
        assert all(isinstance(each, Media) for each in answers.values()), answers
        names.append(answers[figures.request("figure:line")].name)
    assert names[0] == names[1]


def test_a_figure_that_ends_its_process_does_not_affect_others(folder, tmp_path: Path) -> None:
    deadly = LINE.replace("line", "deadly").replace("assert n > 0", "import os; os._exit(3); assert n")
    figures = Figures(folder(shapes=LINE, deadly=deadly), tmp_path / "cache")
    requests = [figures.request(ref) for ref in ("figure:line", "figure:deadly", "figure:line?n=4")]
    good, bad, fine = figures.compute(requests).values()
    assert isinstance(good, Media) and isinstance(fine, Media)
    assert bad.code == "figure-lost" and str(bad).startswith("figure deadly(") and str(bad).endswith("exit status 3")


def run(code: str, *arguments: object, environment: dict[str, str] | None = None, flags: tuple[str, ...] = ()) -> str:
    command = [
        sys.executable,
        *flags,
        "-c",
        f"import sys; sys.path.insert(0, {str(HOME)!r})\n{code}",
        *map(str, arguments),
    ]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})})
    assert done.returncode == 0, done.stderr
    return done.stdout


COMPUTE = """
from pathlib import Path
from deckgen.figures import Figures
figures = Figures(Path(sys.argv[1]), Path(sys.argv[2]))
request = figures.request("figure:line")
answer = figures.compute([request])[request]
print(getattr(answer, "name", answer))
"""


def test_a_build_of_frozen_pictures_imports_no_numpy_and_starts_no_process(tmp_path: Path) -> None:
    deck = write_deck(tmp_path / "deck", {"a.md": "# D\n\n## Which?\n\n![](figure:line)\n", "figures/shapes.py": LINE})
    code = """
import resource
from deckgen.cli import main
main(["build", *sys.argv[1:3], "--out", sys.argv[3]], standalone_mode=False)
print(*sorted({'numpy', 'matplotlib', 'PIL', 'distributed'} & sys.modules.keys()))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0)
"""
    cold, warm = (run(code, deck, "--strict", tmp_path / "out").splitlines()[-2:] for _ in range(2))
    assert (cold, warm) == (["", "True"], ["", "False"])


def test_prints_of_a_figure_do_not_reach_standard_output(folder, tmp_path: Path) -> None:
    directory = folder(shapes=LINE.replace("axes.grid(grid)", "print('hello')"))
    assert run(COMPUTE, directory, tmp_path / "cache").startswith("fig-line-")


def test_checks_run_under_optimised_python(folder, tmp_path: Path) -> None:
    directory = folder(shapes=LINE.replace("n > 0", "n > 9"))
    assert "its check failed: n is 3" in run(
        COMPUTE, directory, tmp_path / "cache", environment={"PYTHONOPTIMIZE": "1"}
    )


def test_an_error_without_matplotlib_says_what_to_install(folder, tmp_path: Path) -> None:
    """It names the command for the environment: here one that pipx made."""
    (tmp_path / "pipx_metadata.json").touch()
    (tmp_path / "msgspec").symlink_to(Path(msgspec.__file__).parent)
    code = f"import sys\nsys.prefix = {str(tmp_path)!r}\n{COMPUTE}print(answer.code, answer.hint)"
    output = run(
        code, folder(shapes=LINE), tmp_path / "cache", flags=("-S",), environment={"PYTHONPATH": str(tmp_path)}
    )
    assert output.splitlines() == [
        "figure line(grid=False, n=3, slope=1.0, title='线') must be computed (new), and matplotlib is not installed",
        f"figure-library pipx inject {DISTRIBUTION} matplotlib numpy Pillow",
    ]


def test_the_same_bytes_under_other_hash_seeds_time_zones_and_settings(folder, tmp_path: Path) -> None:
    """Also of a figure that uses the order of a set."""
    directory = folder(shapes=LINE.replace("set_title(title)", "set_title(''.join({*'abcdefgh'}))"))
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 30\naxes.xmargin: 0.4\n")
    names = {
        run(COMPUTE, directory, tmp_path / f"cache-{seed}", environment=environment)
        for seed, environment in enumerate(
            [
                {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
                {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "MATPLOTLIBRC": str(settings)},
            ]
        )
    }
    assert len(names) == 1 and names.pop().startswith("fig-line-")
