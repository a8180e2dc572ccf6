from __future__ import annotations

from pathlib import Path

import pytest

from extractor.errors import UsageError
from extractor.settings import default_address, load_settings


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and configuration folder, no settings in the environment."""
    for name in ("MODEL", "SEED", "API_KEY", "BASE_URL", "CONCURRENCY", "TEMPERATURE"):
        monkeypatch.delenv(f"EXTRACTOR_{name}", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def user_file(folder: Path) -> Path:
    path = folder / "config" / "extractor" / "extractor.toml"
    path.parent.mkdir(parents=True)
    return path


def test_defaults_and_frozen() -> None:
    settings = load_settings({})
    assert (settings.model, settings.temperature, settings.api_key) == ("local", 0.0, None)
    with pytest.raises(ValueError, match="frozen"):
        settings.model = "other"  # type: ignore[misc]


def test_order_of_sources(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user_file(clean).write_text("model='u'\nseed=1\nconcurrency=1\ntransport_retries=1")
    Path("extractor.toml").write_text("model='p'\nseed=2\nconcurrency=2")
    monkeypatch.setenv("EXTRACTOR_MODEL", "e")
    monkeypatch.setenv("EXTRACTOR_SEED", "3")
    settings = load_settings({"model": "o", "base_url": None})
    assert settings.model == "o"
    assert settings.seed == 3
    assert settings.concurrency == 2
    assert settings.transport_retries == 1


def test_key_order_and_secrecy(monkeypatch: pytest.MonkeyPatch) -> None:
    def key(overrides: dict[str, object]) -> str:
        found = load_settings(overrides)
        assert found.api_key is not None
        assert "sk-" not in repr(found)
        return found.api_key.get_secret_value()

    Path("extractor.toml").write_text("api_key='sk-file'")
    assert key({}) == "sk-file"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    assert key({}) == "sk-openai"
    monkeypatch.setenv("EXTRACTOR_API_KEY", "sk-own")
    assert key({}) == "sk-own"
    assert key({"api_key": "sk-option"}) == "sk-option"


@pytest.mark.parametrize("text", ["modle = 'x'", "[model]\nx = 1\n[other]", "model = ", "\x00"])
def test_bad_file_is_named(text: str) -> None:
    Path("extractor.toml").write_text(text)
    with pytest.raises(UsageError, match=r"^extractor\.toml: .* - ") as caught:
        load_settings({})
    if "modle" in text:
        assert "'modle'" in str(caught.value)


def test_bad_user_file_is_named(clean: Path) -> None:
    path = user_file(clean)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read as TOML") as caught:
        load_settings({})
    assert str(path) in str(caught.value)


def test_bad_value_names_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("extractor.toml").write_text("concurrency = 0")
    with pytest.raises(UsageError, match=r"^extractor\.toml: concurrency: "):
        load_settings({})
    monkeypatch.setenv("EXTRACTOR_CONCURRENCY", "many")
    with pytest.raises(UsageError, match=r"^EXTRACTOR_CONCURRENCY: concurrency: "):
        load_settings({})
    with pytest.raises(UsageError, match=r"^options: concurrency: "):
        load_settings({"concurrency": -1})


@pytest.mark.parametrize("name", ["requests_per_minute", "tokens_per_minute"])
def test_rates_are_counts_or_absent(name: str) -> None:
    assert getattr(load_settings({}), name) is None
    assert getattr(load_settings({name: 500}), name) == 500
    with pytest.raises(UsageError, match=f"options: {name}"):
        load_settings({name: 0})


def test_unknown_option() -> None:
    with pytest.raises(UsageError, match="options: unknown setting 'colour'"):
        load_settings({"colour": "red"})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "llm.invalid/v1", "http://"])
def test_base_url_must_be_http(url: str) -> None:
    with pytest.raises(UsageError, match="base_url"):
        load_settings({"base_url": url})


def test_temperature_may_be_left_to_the_server() -> None:
    assert load_settings({"temperature": "default"}).temperature == "default"
    with pytest.raises(UsageError, match="temperature"):
        load_settings({"temperature": 3})


ADDRESS = "https://llm.example/v1"


@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "EXTRACTOR_API_KEY"])
def test_an_address_of_the_working_folder_gets_no_key_of_the_users(
    variable: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("extractor.toml").write_text("base_url = 'https://me:password-1@llm.example/v1/'")
    assert load_settings({}).base_url == "https://me:password-1@llm.example/v1"
    monkeypatch.setenv(variable, "sk-users-own")
    with pytest.raises(
        UsageError, match=rf"^extractor\.toml: base_url {ADDRESS} .*{variable}"
    ) as e:
        load_settings({})
    assert "--base-url or EXTRACTOR_BASE_URL" in str(e.value)
    assert str(clean / "config" / "extractor" / "extractor.toml") in str(e.value)
    assert "sk-users" not in str(e.value)
    assert "password" not in str(e.value)


def test_nor_the_key_of_the_users_own_file(clean: Path) -> None:
    Path("extractor.toml").write_text(f"base_url = '{ADDRESS}'")
    user_file(clean).write_text("api_key = 'sk-users-own'")
    with pytest.raises(UsageError, match="would get the key of "):
        load_settings({})
    with pytest.raises(UsageError, match="would get the key of options"):
        load_settings({"api_key": "sk-users-own"})


def test_a_key_that_stands_beside_the_address_is_its_own() -> None:
    Path("extractor.toml").write_text(f"base_url = '{ADDRESS}'\napi_key = 'sk-here'")
    assert load_settings({}).base_url == ADDRESS


@pytest.mark.parametrize("how", ["option", "environment", "own file"])
def test_the_user_can_confirm_an_address(
    how: str, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("extractor.toml").write_text(f"base_url = '{ADDRESS}'")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-users-own")
    if how == "environment":
        monkeypatch.setenv("EXTRACTOR_BASE_URL", ADDRESS)
    if how == "own file":
        user_file(clean).write_text(f"base_url = '{ADDRESS}/'")
    assert load_settings({"base_url": ADDRESS} if how == "option" else {}).base_url == ADDRESS


def test_confirming_one_address_confirms_no_other(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("extractor.toml").write_text("base_url = 'https://llm.example.evil.example/v1'")
    user_file(clean).write_text(f"base_url = '{ADDRESS}'")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-users-own")
    with pytest.raises(UsageError, match=r"evil\.example"):
        load_settings({})


def test_an_address_in_the_way_of_the_sdk_is_named_and_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert default_address() == "https://api.openai.com/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://me:password-1@llm.example/v1")
    with pytest.raises(UsageError, match=r"^OPENAI_BASE_URL: not read - .*EXTRACTOR_BASE_URL") as e:
        default_address()
    assert "password" not in str(e.value)
    assert load_settings({}).base_url is None


@pytest.mark.parametrize(
    "key", ["sk-ключ-123456", "sk-one\ntwo-123", "sk one two 123", "sk-\x1b[2J-123"]
)
def test_a_key_that_no_header_carries_is_refused_without_being_shown(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    told = r"^OPENAI_API_KEY: api_key: .*holds characters"
    with pytest.raises(UsageError, match=told) as caught:
        load_settings({})
    assert "123" not in str(caught.value)


def test_white_space_around_a_key_is_no_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-users-own\n")
    found = load_settings({}).api_key
    assert found is not None
    assert found.get_secret_value() == "sk-users-own"
