"""Writes a language model of a few hundred words that llama.cpp can run.

It knows nothing but which word may follow which: a chain, in the weights of a real
transformer whose layers add nothing. So a test decides what the model says, and all
the rest is real: its file, its template without tools, llama.cpp's server.
"""

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
_BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
_SPECIAL = ["<unk>", "<s>", "</s>", "<|system|>", "<|user|>", "<|assistant|>"]
_END, _BEGIN = _SPECIAL.index("</s>"), _SPECIAL.index("<|assistant|>")
_CONTEXT = 32_768
_NARROW = 32
# Times the square root of the width: certain, as far as sampling goes.
_CERTAINTY = 5.0


def write_speech(path: Path, pieces: Sequence[str]) -> None:
    """Write a model that says these pieces, each another one, and ends."""
    words = range(len(pieces))
    follows = {word: [word + 1] for word in words[:-1]}
    _write(path, pieces, begins=[0], follows=follows)


def write_rambler(path: Path, pieces: Sequence[str]) -> None:
    """Write a model that says these pieces at random, for ever."""
    words = list(range(len(pieces)))
    _write(path, pieces, begins=words, follows=dict.fromkeys(words, words))


def write_loop(path: Path, pieces: Sequence[str]) -> None:
    """Write a model that says these pieces in turn, for ever."""
    count = len(pieces)
    follows = {word: [(word + 1) % count] for word in range(count)}
    _write(path, pieces, begins=[0], follows=follows)


def _write(
    path: Path,
    pieces: Sequence[str],
    *,
    begins: list[int],
    follows: dict[int, list[int]],
) -> None:
    first = len(_SPECIAL) + len(_BYTES)
    tokens = [*_SPECIAL, *_BYTES, *pieces]
    width = -(-len(tokens) // 64) * 64
    after = np.zeros((len(tokens), width), dtype=np.float32)
    after[_END, first:] = _CERTAINTY
    for word, nexts in follows.items():
        after[_END, first + word] = 0
        after[[first + next_word for next_word in nexts], first + word] = _CERTAINTY
    after[[first + word for word in begins], _BEGIN] = _CERTAINTY
    writer = gguf.GGUFWriter(path, "llama")
    _add_shape(writer, width)
    _add_words(writer, tokens)
    _add_weights(writer, width, after=after)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_shape(writer: gguf.GGUFWriter, width: int) -> None:
    writer.add_name("chain")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_NARROW)
    # One narrow head: the prompt is read letter by letter, and that takes long enough.
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(_NARROW)
    writer.add_value_length(_NARROW)
    writer.add_rope_dimension_count(_NARROW)
    writer.add_layer_norm_rms_eps(1e-5)


def _add_words(writer: gguf.GGUFWriter, tokens: list[str]) -> None:
    kinds = [
        gguf.TokenType.UNKNOWN,
        *[gguf.TokenType.CONTROL] * (len(_SPECIAL) - 1),
        *[gguf.TokenType.BYTE] * len(_BYTES),
    ]
    # Taken as they are, spaces and all.
    kinds += [gguf.TokenType.USER_DEFINED] * (len(tokens) - len(kinds))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(_SPECIAL.index("<s>"))
    writer.add_eos_token_id(_END)
    writer.add_unk_token_id(0)
    writer.add_chat_template(_TEMPLATE)


def _add_weights(
    writer: gguf.GGUFWriter, width: int, *, after: NDArray[np.float32]
) -> None:
    ones = np.ones(width, np.float32)
    into = np.zeros((_NARROW, width), np.float32)
    out = np.zeros((width, _NARROW), np.float32)
    writer.add_tensor("token_embd.weight", np.eye(len(after), width, dtype=np.float32))
    writer.add_tensor("output_norm.weight", ones)
    writer.add_tensor("output.weight", after)
    for name in ("attn_norm", "ffn_norm"):
        writer.add_tensor(f"blk.0.{name}.weight", ones)
    for name in ("attn_q", "attn_k", "attn_v", "ffn_gate", "ffn_up"):
        writer.add_tensor(f"blk.0.{name}.weight", into)
    for name in ("attn_output", "ffn_down"):
        writer.add_tensor(f"blk.0.{name}.weight", out)
