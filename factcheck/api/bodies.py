"""What a call was sent, as a typed value: the JSON body, or the query.

The order of refusals is fixed: the content type (415), the size (413), the syntax (400), characters
that no text holds and names given twice (422), then the shape (422, naming the field).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Request

from factcheck.api.problems import Refusal, unprocessable

Shape = TypeVar("Shape", bound=msgspec.Struct)

DEEPEST = 64  # arrays and objects within each other
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {
    "str": lazy_gettext("a text"),
    "int": lazy_gettext("a whole number"),
    "float": lazy_gettext("a number"),
    "bool": lazy_gettext("true or false"),
    "bytes": lazy_gettext("a text in base64"),
    "array": lazy_gettext("a list"),
    "object": lazy_gettext("an object"),
}
_AT_MOST = lazy_gettext("This must be at most %(number)s.")
_AT_LEAST = lazy_gettext("This must be at least %(number)s.")
_BOUND_SENTENCES = {
    ("int", "<="): _AT_MOST,
    ("int", ">="): _AT_LEAST,
    ("float", "<="): _AT_MOST,
    ("float", ">="): _AT_LEAST,
    ("bytes", "<="): lazy_gettext("This must have at most %(number)s bytes."),
    ("bytes", ">="): lazy_gettext("This must have at least %(number)s bytes."),
    ("str", "<="): lazy_gettext("This must have at most %(number)s characters."),
    ("str", ">="): lazy_gettext("This must have at least %(number)s characters."),
    ("array", "<="): lazy_gettext("This must have at most %(number)s items."),
    ("array", ">="): lazy_gettext("This must have at least %(number)s items."),
}
_AT = re.compile(r" - at `(?:key in )?\$(.*)`$")
_TYPES = re.compile(r"^Expected `([^`]+)`, got `([^`]+)`$")
_BOUNDS = re.compile(
    r"^Expected `(str|int|float|bytes|array)`(?: of length)? (>=|<=) ([0-9]+)(?:\.0)?$"
)
_NO_BASE64 = "Invalid base64 encoded string"
_LACKS = re.compile(r"^Object missing required field `([^`]+)`$")
_QUOTED = re.compile(r"`([^`]*)`")
_UNKNOWN = re.compile(r"^Object contains unknown field `(.*)`$", re.DOTALL)


class _Pairs(dict[str, Any]):
    """An object as it was sent; `twice` are the names that it gave more than once."""

    twice: tuple[str, ...] = ()


def json_body(request: Request, shape: type[Shape]) -> Shape:
    """Return the request's body as `shape`; raise a Refusal.

    Where the shape asks for nothing, a call without a body and a content type counts as `{}`.
    """
    if _may_be_left_out(request, shape):
        return msgspec.convert({}, shape)
    _require_json_type(request)
    value = parsed(request.get_data())
    _require_clean(value)
    return shaped(value, shape)


def query(arguments: MultiDict[str, str], shape: type[Shape]) -> Shape:
    """Return the query as `shape`; raise a 422 Refusal for what it does not know or take."""
    for name in arguments:
        if len(arguments.getlist(name)) > 1:
            raise unprocessable(name, _("This is given twice."))
    flat = arguments.to_dict()
    _require_clean(flat)
    return shaped(flat, shape, strict=False)


def parsed(data: bytes) -> Any:
    """Return the JSON value in `data` (UTF-8 alone); raise a 400 Refusal."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(_("The body is not UTF-8: byte %(place)s.", place=error.start)) from None
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_pairs)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise _not_json(_("The body is not JSON: %(error)s.", error=error)) from None
    return value


def shaped(value: Any, shape: type[Shape], *, strict: bool = True) -> Shape:
    """Return a JSON value as `shape`; raise a 422 Refusal that names the field."""
    try:
        return msgspec.convert(value, shape, strict=strict)
    except msgspec.ValidationError as error:
        field, message = _explained(str(error))
        raise unprocessable(field, message) from None


def _may_be_left_out(request: Request, shape: type[msgspec.Struct]) -> bool:
    if request.content_length or "chunked" in request.headers.get("Transfer-Encoding", ""):
        return False
    asks_nothing = not any(field.required for field in msgspec.structs.fields(shape))
    lenient = request.method == "DELETE" or not shape.__struct_fields__
    return asks_nothing and (lenient or not request.content_type)


def _require_json_type(request: Request) -> None:
    kind, options = parse_options_header(request.content_type)
    charset = options.pop("charset", "utf-8").lower()
    if kind.lower() != "application/json" or charset != "utf-8":
        sentence = _("The body must be JSON: “Content-Type: application/json”.")
        raise Refusal(415, "unsupported_media_type", sentence)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        sentence = _("The body must not be compressed.")
        raise Refusal(415, "unsupported_media_type", sentence)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    found = _Pairs(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        found.twice = tuple(name for name in found if names.count(name) > 1)
    return found


def _require_clean(value: Any) -> None:
    """Refuse too deep a value (400), and characters and names that none may have (422)."""
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting:
        field, part, depth = waiting.pop()
        if isinstance(part, str):
            _require_text(field, part)
        elif isinstance(part, dict | list):
            if depth >= DEEPEST:
                raise _too_deep()
            waiting.extend((name, inner, depth + 1) for name, inner in _parts(field, part))


def _parts(field: str, value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for number, inner in enumerate(value):
            yield f"{field}[{number}]", inner
        return
    for name in getattr(value, "twice", ()):
        raise unprocessable(_joined(field, _shown(name)), _("This is given twice."))
    for name, inner in value.items():
        _require_text(_joined(field, _shown(name)), name)
        yield _joined(field, name), inner


def _require_text(field: str, text: str) -> None:
    if "\0" in text:
        raise unprocessable(field, _("This holds a NUL character."))
    if _SURROGATE.search(text):
        sentence = _("This holds half of a surrogate pair, which is no character.")
        raise unprocessable(field, sentence)


def _shown(name: str) -> str:
    """Return a name as it can stand in an answer."""
    return _SURROGATE.sub("\ufffd", name[:100]).replace("\0", "\ufffd")


def _joined(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _not_json(detail: str) -> Refusal:
    return Refusal(400, "not_json", detail)


def _too_deep() -> Refusal:
    sentence = _("The body nests deeper than %(most)s levels.", most=DEEPEST)
    return Refusal(400, "too_deep", sentence)


def _explained(message: str) -> tuple[str, str]:
    """Return the field and a sentence for what the validation said."""
    found = _AT.search(message)
    path = found[1].lstrip(".") if found else ""
    said = message[: found.start()] if found else message
    if lacks := _LACKS.match(said):
        return _joined(path, lacks[1]), _("This is needed.")
    if unknown := _UNKNOWN.match(said):
        return _joined(path, _shown(unknown[1])), _("There is no such field here.")
    if types := _TYPES.match(said):
        wanted = _(" or ").join(str(_WORDS.get(name, name)) for name in types[1].split(" | "))
        given = str(_WORDS.get(types[2], types[2]))
        return path, _("This must be %(wanted)s, not %(given)s.", wanted=wanted, given=given)
    if said == _NO_BASE64:
        return path, _("This is not base64.")
    if bounds := _BOUNDS.match(said):
        return path, _bound(*bounds.groups())
    return path, _QUOTED.sub(r"“\1”", said) + "."


def _bound(kind: str, sign: str, number: str) -> str:
    """Return a sentence for a bound that was passed."""
    return str(_BOUND_SENTENCES[kind, sign]) % {"number": number}
