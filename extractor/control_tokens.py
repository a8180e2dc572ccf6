"""Text from outside made harmless for chat templates.

A server puts a conversation together with control tokens (`<|im_start|>`, `[INST]`,
`<start_of_turn>`), and most tokenisers take the same characters for the same tokens wherever they
stand: an article that holds them ends its own turn and begins another one, as the system. Here the
marks that make such a token are exchanged for marks that look like them and mean nothing to a
tokeniser, one character for one. Text without such tokens is returned as it is.

What counts as a token goes by its form and not by a list, because each model family has its own:
ChatML and Qwen `<|im_end|>`, Llama 2 `<<SYS>>` `</s>`, Llama 3 `<|eot_id|>`, Mistral `[INST]`
`[TOOL_CALLS]`, Gemma `<start_of_turn>` `<turn|>`, Phi `<|user|>`, DeepSeek `<｜User｜>`, Harmony
`<|channel|>`, Command `<|START_OF_TURN_TOKEN|>`, EXAONE `[|system|]`, MiniMax `]~b]`, Falcon
`>>TITLE<<`, Seed `<seed:bos>`, Alpaca `### Instruction:`. Only square brackets need a list: an
article has words of its own in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

# Mark of a token -> what stands for it in a prompt.
_HARMLESS = {"<": "\u2039", ">": "\u203a", "[": "\u27e6", "]": "\u27e7", "|": "\u00a6",
             "\uff5c": "\u00a6", "~": "\u223c", "#": "\u266f"}  # fmt: skip
_TABLE = str.maketrans(_HARMLESS)
ORIGINALS: Mapping[str, str] = MappingProxyType(
    {new: "".join(old for old, to in _HARMLESS.items() if to == new) for new in _HARMLESS.values()}
)
_BAR = r"[|\uff5c]"
_BRACKETED = (
    r"/?(?:inst|sys|system(?:_\w+)?|user|assistant|tool_\w+|available_tools|args|call_id|think|"
    r"img(?:_\w+)?|audio|begin_audio|transcribe|prefix|suffix|middle|[gs]?mask|cls|sep|unk|pad|"
    r"[be]os|eot|multimodal|control_\d+|unused_?\w*|model_settings|@\w+@)"
)
_TOKEN = re.compile(
    # <name>, </name>, <|name|>, <|name>, <name|>; no address (a dot, @ or slash within), no blank,
    # and no single letter but s: <b> is in many texts.
    rf"<(?:/|{_BAR})?(?:s|[\w:\u2581\-\[\]]{{2,60}}){_BAR}?>"
    rf"|<{_BAR}|{_BAR}>|\[{_BAR}|{_BAR}\]"  # every half of one, whatever stands beside it
    r"|<<(?=/?\w{2,20}>>)"  # <<SYS>>
    rf"|\[{_BRACKETED}\]"
    r"|\]~!?[a-z][\[\]]|\[[a-z]~\["
    r"|>>[A-Z_]{3,20}<<"
    r"|#{2,3}(?=\s?(?:system|instructions?|input|response|user|assistant|human)\s?:)",
    re.IGNORECASE,
)


def harmless(text: str) -> str:
    """`text` without control tokens of chat templates, as long as it was."""
    return _TOKEN.sub(lambda match: match.group().translate(_TABLE), text)


def holds_tokens(text: str) -> bool:
    """True where `harmless` changes the text."""
    return _TOKEN.search(text) is not None


def harmless_all(value: Any) -> Any:
    """The same for every text in nested mappings and sequences; keys stay as they are."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Mapping):
        return {key: harmless_all(item) for key, item in value.items()}
    return [harmless_all(item) for item in value] if isinstance(value, list | tuple) else value
