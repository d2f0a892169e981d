"""Which HTML cards may have if the deck does not allow all of it: no code, no pages inside the card, nothing loaded unseen.

The elements are listed here, and all others are taken out. A new element of browsers is taken out until it is known here.
Attributes are harmless on these elements, except for those that this module names.
"""

import re

from deckgen.lazy_patterns import lazy_pattern

# Taken out with everything in them: their content is no text for a reader.
CONTENT_TOO = frozenset(
    "applet base embed frame frameset iframe link meta noembed noframes noscript object param plaintext script style "
    "template textarea title xmp foreignobject annotation-xml".split()
)
_TEXT = (
    "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd del "
    "details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd "
    "label li main mark menu meter nav ol output p picture pre progress q rb rp rt rtc ruby s samp search section small "
    "span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr audio video source"
)
_MATH = (
    "math annotation maction maligngroup malignmark menclose merror mfenced mfrac mi mlabeledtr mmultiscripts mn mo mover "
    "mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder "
    "munderover none semantics"
)
_SVG = (
    "svg g defs symbol use marker path rect circle ellipse line polyline polygon text tspan textpath lineargradient "
    "radialgradient stop clippath mask pattern filter feblend fecolormatrix fecomposite feflood fegaussianblur femerge "
    "femergenode feoffset desc"
)
DRAWING = frozenset(_SVG.split())
ALLOWED = frozenset(f"{_TEXT} {_MATH}".split()) | DRAWING
# Attributes that load something or run something. Those that begin with `on` run code too.
_LOADING = frozenset(
    "action archive background classid codebase data dynsrc formaction http-equiv icon longdesc lowsrc manifest ping "
    "poster profile srcdoc usemap xml:base".split()
)
_ADDRESSES = frozenset(("href", "src", "cite"))
_SCRIPT_SCHEMES = frozenset("about blob data filesystem jar javascript livescript mocha vbscript view-source".split())
_INLINE_MEDIA = lazy_pattern(r"data:(?:image|audio|video)/", re.I)
_NAME = lazy_pattern(r"[a-z_][a-z0-9_.-]*|xml:lang|xml:space|xmlns(?::[a-z]+)?|xlink:href")
# Browsers leave these out of an address.
_IGNORED = lazy_pattern(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
_SCHEME = lazy_pattern(r"([^/?#:]*):")
_LOADING_STYLE = lazy_pattern(r"url|image|import|expression|behavior|binding|script|\\|/\*", re.I)
_LOADING_URL = lazy_pattern(r"url\s*\(\s*[\"']?\s*(?!#)[^\s\"')#]", re.I)


def is_safe_attribute(element: str, name: str, value: str) -> bool:
    """Whether an element may have an attribute with this value. The names are in lower case."""
    if not _NAME.fullmatch(name) or name.startswith("on") or name in _LOADING:
        return False
    if element in DRAWING and (name in ("href", "xlink:href") or _LOADING_URL.search(value)):
        return value.strip().startswith("#")
    if name == "style":
        return not _LOADING_STYLE.search(value)
    if name == "xlink:href":
        return value.strip().startswith("#")
    if name == "src" and _INLINE_MEDIA.match(value.strip()):
        return True
    return name not in _ADDRESSES or is_safe_address(value)


def is_safe_address(address: str) -> bool:
    """Whether a link may lead to an address: not to code, and not to a page that the address contains."""
    scheme = _SCHEME.match(_IGNORED.sub("", address))
    return scheme is None or scheme[1].lower() not in _SCRIPT_SCHEMES
