"""Words for what the office tells its liaisons."""

from bot.wording.common import Content, Wording
from bot.words import Words

NAMED = 12  # units named in one sentence


def _ask(content: Content, words: Words) -> str:
    near = [words("enter.near", units=words.joined(content["near"]))] if content["near"] else []
    return "\n".join([words(f"broadcast_ask.{content['step']}", name=content["name"]), *near])


def _preview(content: Content, words: Words) -> str:
    lines = [words("broadcast_preview"), "", _broadcast(content, words), ""]
    if content["persons"]:
        units = _named(content["units"], words)
        lines.append(
            words("broadcast_preview.to", persons=content["persons"], count=len(content["units"]), units=units)
        )
    if content["unreached"]:
        named = [f"{each['unit']}（{_why(each['why'], words)}）" for each in content["unreached"]]
        lines.append(words("broadcast_preview.not", count=len(named), units=_named(named, words)))
    return "\n".join([*lines, words("broadcast_preview.how" if content["persons"] else "broadcast_preview.nobody")])


def _why(why: str, words: Words) -> str:
    return words(f"broadcast.{why}") if why in ("no_liaison", "away") else words(f"digest.why.{why}")


def _named(units: list[str], words: Words) -> str:
    named = words.joined(units[:NAMED])
    return words("digest.unreachable_more", units=named) if len(units) > NAMED else named


def _broadcast(content: Content, words: Words) -> str:
    return words("broadcast", office=content["office"], text=content["text"])


def _done(content: Content, words: Words) -> str:
    return words("broadcast_done", persons=content["persons"], count=content["units"])


WORDINGS: dict[str, Wording] = {
    "broadcast_ask": _ask,
    "broadcast_preview": _preview,
    "broadcast": _broadcast,
    "broadcast_done": _done,
}
