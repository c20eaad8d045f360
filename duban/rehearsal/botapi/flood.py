"""Limit how fast the bot may send: per chat, per group, overall."""

from __future__ import annotations

from collections import deque
from math import ceil

CHAT_PER_SECOND = 1.0  # bots/faq: avoid more than one message per second in one chat
CHAT_BURST = 5  # bots/faq: "short bursts" are tolerated; the figure is unpublished
GROUP_PER_MINUTE = 20  # bots/faq: 20 messages per minute to the same group
OVERALL_PER_SECOND = 30  # bots/faq: about 30 messages per second in bulk


class FloodControl:
    """Count accepted sends; all instants in Unix seconds."""

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on
        self.refused = 0
        self._chats: dict[int, tuple[float, float]] = {}
        self._groups: dict[int, deque[float]] = {}
        self._overall: deque[float] = deque()

    def admit(self, chat_id: int, *, at: float, is_group: bool) -> int:
        """Return 0 and count the send, or the whole seconds to wait."""
        if not self.is_on:
            return 0
        tokens = self._tokens(chat_id, at)
        wait = max(1 - tokens, self._wait_in_group(chat_id, at) if is_group else 0.0, self._wait_overall(at))
        if wait > 0:
            self.refused += 1
            return max(1, ceil(wait))
        self._chats[chat_id] = (tokens - 1, at)
        self._overall.append(at)
        if is_group:
            self._groups[chat_id].append(at)
        return 0

    def _tokens(self, chat_id: int, at: float) -> float:
        tokens, since = self._chats.get(chat_id, (float(CHAT_BURST), at))
        return min(CHAT_BURST, tokens + max(0.0, at - since) * CHAT_PER_SECOND)

    def _wait_in_group(self, chat_id: int, at: float) -> float:
        recent = self._groups.setdefault(chat_id, deque())
        return _wait(recent, at, window=60.0, most=GROUP_PER_MINUTE)

    def _wait_overall(self, at: float) -> float:
        return _wait(self._overall, at, window=1.0, most=OVERALL_PER_SECOND)


def _wait(recent: deque[float], at: float, *, window: float, most: int) -> float:
    while recent and recent[0] <= at - window:
        recent.popleft()
    return recent[0] + window - at if len(recent) >= most else 0.0
