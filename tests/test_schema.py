"""The JSON Schemas with which an editor program checks rule files and settings while one types."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.rulefiles import OTHER_FILES, shipped
from pipeline.workbench import TEMPLATE

DOCS = Path(__file__).parent.parent / "docs"
GOOD = {"name": "a-b", "message": "m", "stage": "dates", "pattern": "x", "flags": ["x"], "keeps": ["y"]}


def schema(name):
    content = json.loads((DOCS / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(content)
    return jsonschema.Draft7Validator(content)


@pytest.fixture(scope="module")
def rule_files():
    return schema("rules")


@pytest.fixture(scope="module")
def settings():
    return schema("settings")


@pytest.mark.parametrize(
    "file", [f for f in sorted(shipped().glob("*.yaml")) if f.name not in OTHER_FILES], ids=lambda f: f.stem
)
def test_every_shipped_rule_file_is_valid(rule_files, file):
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [error.message for error in rule_files.iter_errors(content)] == []


def test_the_file_to_begin_with_is_valid(rule_files):
    rule_files.validate(yaml.safe_load(TEMPLATE.format(file="a.yaml")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"patern": "x"},
        {"name": "Not so"},
        {"stage": "grammar"},
        {"level": "error"},
        {"phrase": "x"},
        {"pattern": None},
        {"replace": "y"},
        {"replace": "y", "using": "years"},
        {"level": "suggest"},
        {"find": "nothing"},
        {"using": "nothing", "fixes": {"a": "b"}},
        {"changes": ["colours"]},
        {"form": "percent=pc"},
        {"keeps": []},
        {"flags": "x"},
        {"enabled": "perhaps"},
        {"message": None},
    ],
    ids=str,
)
def test_what_the_loader_refuses_the_schema_refuses_too(rule_files, wrong):
    rule_files.validate([GOOD])
    rule = {key: value for key, value in (GOOD | wrong).items() if value is not None}
    assert not rule_files.is_valid([rule])


def test_the_settings_that_the_documentation_shows_are_valid(settings):
    (shown,) = re.findall(r"```toml\n(.*?)```", (DOCS / "settings.md").read_text(encoding="utf-8"), re.DOTALL)
    settings.validate(tomllib.loads(shown))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": []},
        {"rules": "house"},
        {"style": "apa"},
        {"language": "de-DE"},
        {"month_form": "long"},
        {"forms": {"percents": "%"}},
        {"forms": {"percent": "pc"}},
        {"levels": {"a.b": "loud"}},
        {"silence": {"the third": "no"}},
        {"silence": {"0123456789ab": ""}},
        {"grammar": {"engin": "off"}},
        {"grammar": {"engine": "vale"}},
        {"grammar": {"keep_server": "10"}},
        {"grammar": {"keep_server": 10}},
    ],
    ids=str,
)
def test_settings_that_the_loader_refuses_the_schema_refuses_too(settings, wrong):
    assert not settings.is_valid(wrong)
