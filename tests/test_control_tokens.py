"""No control token of any chat template is left in text from outside; other text stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.control_tokens import harmless, harmless_all, holds_tokens
from extractor.grounding import find_verbatim
from extractor.records import Span

# As the families' published templates and tokenisers have them.
TOKENS = re.findall(
    r"\S+",
    """
<|im_start|> <|im_end|> <|endoftext|> <|fim_prefix|> <|object_ref_start|> <tool_call> </tool_call>
<think> </think> <|begin_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|> <|eom_id|>
<|python_tag|> <|header_start|> <|eot|> <s> </s> <unk> <<SYS>> <</SYS>> [INST] [/INST]
[AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_CALLS] [TOOL_RESULTS] [/TOOL_RESULTS] [SYSTEM_PROMPT]
[/SYSTEM_PROMPT] [TOOL_CONTENT] [ARGS] [CALL_ID] [THINK] [IMG] [IMG_BREAK] [IMG_END]
<start_of_turn> <end_of_turn> <bos> <eos> <pad> <mask> <unused12> <2mass> [multimodal] [@BOS@]
<start_of_image> <|turn> <turn|> <|channel> <channel|> <|user|> <|assistant|> <|system|> <|end|>
<|endofprompt|> <｜begin▁of▁sentence｜> <｜end▁of▁sentence｜> <｜User｜> <｜Assistant｜>
<｜tool▁calls▁begin｜> <｜fim▁hole｜> <|start|> <|channel|> <|message|> <|return|> <|call|>
<|constrain|> <BOS_TOKEN> <EOS_TOKEN> <|START_OF_TURN_TOKEN|> <|END_OF_TURN_TOKEN|>
<|SYSTEM_TOKEN|> <|USER_TOKEN|> <|CHATBOT_TOKEN|> <|START_RESPONSE|> [gMASK] [sMASK] <sop> <eop>
<|observation|> [CLS] [SEP] [MASK] [UNK] [PAD] [BOS] [EOS] <|im_user|> <|im_middle|> [|system|]
[|user|] [|endofturn|] ]~b] ]~!b[ [e~[ >>TITLE<< >>ABSTRACT<< <seed:bos> <seed:think>
<[begin▁of▁sentence]> <role> </role> <extra_id_0> <SPECIAL_12> <|separator|> <reserved_106>
[UNUSED_TOKEN_146] <fim_middle> <repo_name> <file_sep> <issue_start> <jupyter_start> <0x0A>
<|start_of_role|> <|end_of_role|> <|bom|> <|vision_start|> <mask:1> <|plamo:op|> [control_8]
""",
)
NORMAL = [
    "He paid < 3 and > 2 of 5 [sic], said [the president], in [AFP] style.",
    "Write to <desk@paper.example> or see <https://paper.example/a>. A || B, a | b, ~40, #12.",
    "<b>Bold</b> “[q]uoted” ‹so› «it» ‘is’ 1 < x < 9 -> y <- z => w >> v << u",
    "See note [12] and [n]; the score was 3~2; issue #3: no instruction.",
]


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("around", ["{}", "word{}word", "a {} b", "{0}{0}", "<{}>", "[{}]", "|{}|"])
def test_no_token_is_left_and_no_character_is_lost(token: str, around: str) -> None:
    text = around.format(token)
    found = harmless(text)
    assert token not in found
    assert len(found) == len(text)
    assert harmless(found) == found
    assert holds_tokens(text) and not holds_tokens(found)


@pytest.mark.parametrize("text", NORMAL)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
    assert not holds_tokens(text)


@given(st.lists(st.sampled_from([*TOKENS, "<", "|", ">", "[", "]", "s", "/", "a b", "\n"])))
def test_tokens_side_by_side_make_no_new_ones(parts: list[str]) -> None:
    text = "".join(parts)
    found = harmless(text)
    assert len(found) == len(text)
    assert not [token for token in TOKENS if token in found]


def test_everything_in_a_questions_variables() -> None:
    given = {"a": "<s>", "b": ["[INST]", {"c": ("</s>", 3)}], "d": None}
    assert harmless_all(given) == {"a": "‹s›", "b": ["⟦INST⟧", {"c": ["‹/s›", 3]}], "d": None}


@pytest.mark.parametrize("token", TOKENS)
def test_words_that_a_model_copies_from_a_prompt_are_found_in_the_text(token: str) -> None:
    text = f"The crew of {token} Harbour left."
    found = find_verbatim(
        harmless(f"crew of {token} Harbour"), Span(start=0, end=len(text), text=text)
    )
    assert found is not None
    assert found.text == f"crew of {token} Harbour"


def test_lookalikes_stand_for_nothing_else() -> None:
    text = "The |a| and 7 left."
    assert find_verbatim("‹a›", Span(start=0, end=len(text), text=text)) is None
    assert not re.search("[‹›¦⟦⟧]", harmless(text))
