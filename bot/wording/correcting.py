"""Words for the correction of accepted reports: asked for, decided, answered."""

from bot.wording.attaching import listed, named_task
from bot.wording.common import Content, Wording, short
from bot.words import Words

OLD, NEW = 600, 1200  # characters of the texts shown to whoever decides


def _which_closed(content: Content, words: Words) -> str:
    return "\n".join([words("which_closed"), *listed(content["tasks"], words)])


def _correct_text(content: Content, words: Words) -> str:
    return words("correct_text", text=short(content["text"], OLD), **_task(content, words, unit=False))


def _correct_reason(content: Content, words: Words) -> str:
    text = words("correct_reason", **_task(content, words, unit=False))
    return text + words("correct_reason.attest") if content["attest"] else text


def _sent(content: Content, words: Words) -> str:
    lines = [words("correction_sent", **_task(content, words, unit=False))]
    if content["replaced"]:
        lines.append(words("correction_sent.replaced"))
    if not content["reached"]:
        lines.append(words("correction_sent.unreached"))
    return "\n".join(lines)


def _asked(content: Content, words: Words) -> str:
    texts = {"old": short(content["old"], OLD), "new": short(content["new"], NEW), "reason": content["reason"]}
    return words("correction_asked", number=content["correction"], **texts, **_task(content, words))


def _decided(content: Content, words: Words) -> str:
    name = "correction_decided.granted" if content["granted"] else "correction_decided.refused"
    return words(name, number=content["correction"], **_task(content, words))


def _answered(content: Content, words: Words) -> str:
    task = _task(content, words, unit=False)
    if content["granted"]:
        return words("correction_answered.granted", **task)
    return words("correction_answered.refused", reason=content["reason"], **task)


def _gone(content: Content, words: Words) -> str:
    return words(f"correction_gone.{content['state'] or 'none'}", by=content["by"])


def _refuse(content: Content, words: Words) -> str:
    return words("refuse_correction", number=content["correction"], **_task(content, words))


def _task(content: Content, words: Words, *, unit: bool = True) -> Content:
    named = named_task(content["tasks"][0], words)
    return named if unit else {name: value for name, value in named.items() if name != "unit"}


WORDINGS: dict[str, Wording] = {
    "which_closed": _which_closed,
    "correct_text": _correct_text,
    "correct_reason": _correct_reason,
    "correction_sent": _sent,
    "correction_asked": _asked,
    "correction_decided": _decided,
    "correction_answered": _answered,
    "correction_gone": _gone,
    "refuse_correction": _refuse,
}
