"""A matplotlib canvas that records the texts it draws."""

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text


class TextRecorder(RendererAgg):
    """A renderer that records the texts in `texts`. If `silent`, it does not draw them."""

    def __init__(self, width: float, height: float, dpi: float, *, silent: bool = False):
        super().__init__(width, height, dpi)  # type: ignore[no-untyped-call]
        self.silent = silent
        self.texts: dict[int, Text] = {}

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # type: ignore[no-untyped-def]
        """Record the text, and draw it unless the renderer is silent."""
        if mtext is not None:
            self.texts[id(mtext)] = mtext
        if not self.silent:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)  # type: ignore[no-untyped-call]


class RecordingCanvas(FigureCanvasAgg):
    """A canvas whose renderer is a TextRecorder."""

    def __init__(self, figure: Figure, *, silent: bool = False):
        super().__init__(figure)
        self.recorder = TextRecorder(*figure.bbox.size, figure.dpi, silent=silent)

    def get_renderer(self) -> TextRecorder:
        """Return the recorder."""
        return self.recorder

    def draw(self) -> None:
        """Draw the figure again on an empty canvas."""
        self.recorder.clear()  # type: ignore[no-untyped-call]
        super().draw()  # type: ignore[no-untyped-call]
