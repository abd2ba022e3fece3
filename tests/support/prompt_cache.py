"""Anthropic's prompt cache, as its documentation describes it; a token is 4 characters.

A request's blocks form one sequence: tools, system, messages. Up to four of them carry
``cache_control``; what lies up to such a block is kept. A request that begins with the
same bytes reads it, where one of its own marks lies there or up to 20 blocks behind.
Short prefixes are not kept.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MOST_MARKS = 4
_CHARACTERS_PER_TOKEN = 4
_LEAST_TOKENS = 1024
_BLOCKS_LOOKED_BACK = 20
_LIFETIMES = {"5m": 300, "1h": 3600}


@dataclass(frozen=True, slots=True)
class CacheUse:
    """How many tokens of a request were sent, kept and read."""

    sent: int
    kept: int
    read: int

    @property
    def whole(self) -> int:
        """All tokens of the request."""
        return self.sent + self.kept + self.read

    def as_usage(self) -> dict[str, int]:
        """Return it as a message's usage has it."""
        return {
            "input_tokens": self.sent,
            "cache_creation_input_tokens": self.kept,
            "cache_read_input_tokens": self.read,
            "output_tokens": 1,
        }


class PromptCache:
    """Remembers the prefixes of all requests so far."""

    def __init__(self) -> None:
        self._kept: set[bytes] = set()

    def take(self, body: Mapping[str, Any]) -> CacheUse:
        """Return what a request reads and keeps.

        Raises ValueError for marks that the API refuses: more than four, or a longer
        life behind a shorter one.
        """
        prefixes = list(_prefixes(body))
        marked = [prefix for prefix in prefixes if prefix.lifetime is not None]
        _check_marks(marked)
        read = max(
            (p.tokens for p in _in_sight(prefixes) if p.digest in self._kept), default=0
        )
        cacheable = [prefix for prefix in marked if prefix.tokens >= _LEAST_TOKENS]
        kept = max((prefix.tokens for prefix in cacheable), default=read) - read
        self._kept |= {prefix.digest for prefix in cacheable}
        whole = prefixes[-1].tokens if prefixes else 0
        return CacheUse(sent=whole - kept - read, kept=kept, read=read)


@dataclass(frozen=True, slots=True)
class _Prefix:
    digest: bytes
    tokens: int
    lifetime: int | None


def _check_marks(marked: list[_Prefix]) -> None:
    if len(marked) > MOST_MARKS:
        raise ValueError(f"{len(marked)} blocks carry cache_control, {MOST_MARKS} may")
    lifetimes = [prefix.lifetime or 0 for prefix in marked]
    if lifetimes != sorted(lifetimes, reverse=True):
        raise ValueError(f"a longer life stands behind a shorter one: {lifetimes}")


def _in_sight(prefixes: list[_Prefix]) -> Iterator[_Prefix]:
    """Yield the prefixes that a mark of the request looks at."""
    for end, prefix in enumerate(prefixes, start=1):
        if prefix.lifetime is not None:
            yield from prefixes[max(0, end - 1 - _BLOCKS_LOOKED_BACK) : end]


def _prefixes(body: Mapping[str, Any]) -> Iterator[_Prefix]:
    digest, characters = hashlib.sha256(), 0
    for block in _blocks(body):
        mark = block.get("cache_control")
        bare = {key: value for key, value in block.items() if key != "cache_control"}
        text = json.dumps(bare, sort_keys=True, ensure_ascii=False)
        digest.update(text.encode())
        characters += len(text)
        lifetime = None if mark is None else _LIFETIMES[mark.get("ttl", "5m")]
        yield _Prefix(digest.digest(), characters // _CHARACTERS_PER_TOKEN, lifetime)


def _blocks(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from body.get("tools") or ()
    yield from _as_blocks(body.get("system") or ())
    for message in body["messages"]:
        yield {"role": message["role"]}
        yield from _as_blocks(message["content"])


def _as_blocks(content: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(content, str):
        yield {"type": "text", "text": content}
    else:
        yield from content
