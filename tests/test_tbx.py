"""Termbases as TBX: forbidden terms are replaced, admitted ones kept apart, and no file can do harm."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import tbx
from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.tbx import Concept
from pipeline.terms import Term, Termbase

DCA = """<?xml version="1.0" encoding="UTF-8"?>
<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<tbxHeader><fileDesc><sourceDesc><p>Our desk</p></sourceDesc></fileDesc></tbxHeader>
<text><body>
<conceptEntry id="c1">
  <descrip type="definition">The council of jurists.</descrip>
  <langSec xml:lang="fa"><termSec><term>شورای نگهبان</term></termSec></langSec>
  <langSec xml:lang="en-GB">
    <termSec><term>Guardian Council</term>
      <termNote type="administrativeStatus">preferredTerm-admn-sts</termNote>
      <admin type="source">shora-gc.ir</admin></termSec>
    <termSec><term>Council of <hi>Guardians</hi></term>
      <termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></termSec>
    <termSec><term>Guard Council</term>
      <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
  </langSec>
</conceptEntry>
</body></text></tbx>
"""
DCT = """<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"
  xmlns:min="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
<text><body><conceptEntry id="c1"><langSec xml:lang="en">
  <termSec><term>Guardian Council</term>
    <min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus></termSec>
  <termSec><term>Guard Council</term>
    <min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
</langSec></conceptEntry></body></text></tbx>
"""
MARTIF = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="1"><note>An office of the government.</note><langSet xml:lang="en-US">
  <tig><term>Guardian Council</term></tig>
  <ntig><termGrp><term>Guard Council</term>
    <termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termGrp></ntig>
</langSet></termEntry></body></text></martif>
"""


@pytest.fixture
def concepts(tmp_path):
    def read(text, encoding="utf-8"):
        (tmp_path / "a.tbx").write_bytes(text.encode(encoding))
        return list(tbx.concepts(tmp_path / "a.tbx"))

    return read


def test_the_english_terms_of_a_concept_are_read_by_their_status(concepts):
    assert concepts(DCA) == [
        Concept(
            line=5,
            preferred=("Guardian Council",),
            admitted=("Council of Guardians",),
            forbidden=("Guard Council",),
            note="The council of jurists.",
            source="shora-gc.ir",
        )
    ]


def test_elements_named_after_their_kind_are_read_too(concepts):
    assert concepts(DCT) == [Concept(3, ("Guardian Council",), (), ("Guard Council",), "", "")]


def test_the_format_of_2008_is_read_and_its_dtd_is_not_fetched(concepts):
    assert concepts(MARTIF) == [
        Concept(4, (), ("Guardian Council",), ("Guard Council",), "An office of the government.", "")
    ]


def test_other_encodings_are_read_as_the_file_declares_them(concepts):
    text = DCA.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert concepts(text, "utf-16")[0].preferred == ("Guardian Council",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<tbx><text>\n</tbx>", "2: the file is not XML (mismatched tag); export it again"),
        ("<html></html>", "1: there is no conceptEntry and no termEntry in it; give a TBX file"),
        (
            '<!DOCTYPE a [\n<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<a>&b;</a>',
            "2: the file declares entities of its own; save it without them",
        ),
        (
            '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
            "1: the file declares entities of its own; save it without them",
        ),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tmp_path, text, said):
    file = tmp_path / "a.tbx"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        Termbase.load([file])
    assert str(caught.value) == f"{file}:{said}"


def test_a_forbidden_term_gives_way_and_an_admitted_one_is_a_variant(tmp_path):
    from pipeline.reading import Reading

    file = tmp_path / "a.tbx"
    file.write_text(DCA, encoding="utf-8")
    text = "The Guard Council met the Council of Guardians and the Guardian Council."
    found = {term for _, term in Termbase.load([file]).found(Reading(text))}
    more = {"note": "The council of jurists.", "source": "shora-gc.ir"}
    assert found == {
        Term("Guard Council", ("Guardian Council",), "suggest", **more),
        Term("Council of Guardians", ("Guardian Council",), "variant", **more),
        Term("Guardian Council", ("Guardian Council",), "variant", **more),
    }


def test_a_desk_names_its_tbx_file_in_the_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("un.tbx").write_text(DCT.replace("Guard Council", "Council of Wardens"), encoding="utf-8")
    Path("pipeline.toml").write_text('termbases = ["un.tbx"]\n', encoding="utf-8")
    Path("article.txt").write_text("The Council of Wardens met on Friday.\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["clean", "article.txt", "--grammar", "off"])
    assert result.exit_code == 0, result.output
    (change,) = json.loads(Path("output/article.changes.json").read_text(encoding="utf-8"))["changes"]
    assert (change["before"], change["after"]) == ("Council of Wardens", "Guardian Council")
    assert change["rules"] == ["terms.termbase"]
    Path("un.tbx").write_text("<tbx>", encoding="utf-8")
    result = CliRunner().invoke(main, ["clean", "article.txt", "--grammar", "off", "--force"])
    assert "Error: un.tbx:1: the file is not XML (no element found); export it again" in result.stderr
