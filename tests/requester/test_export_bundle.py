import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from keytrail.exports.codebook import loader
from keytrail.exports.tables import TABLES
from tests.requester.exported import fetch, rafael, some
from tests.requester.site import Visitor

__all__ = ["rafael", "some"]


def load(folder: Path, program: str) -> dict[str, Any]:
    """What the shipped script makes of a folder."""
    scope: dict[str, Any] = {"__name__": "loader"}
    exec(loader(TABLES), scope)
    frames: dict[str, Any] = scope[f"load_{program}"](folder)
    return frames


def missing(value: Any) -> bool:
    return value is None or value is pd.NA


class TestBundle:
    @pytest.fixture
    def folder(self, rafael: Visitor, some: dict[str, str], tmp_path: Any) -> Any:
        with zipfile.ZipFile(io.BytesIO(fetch(rafael, "format=csv&keep=clear&usable=1"))) as archive:
            assert archive.testzip() is None
            archive.extractall(tmp_path / "export")
        return tmp_path / "export"

    def test_holds_the_tables_with_codebook_card_and_loader_but_no_raw_events(self, folder: Any) -> None:
        names = {path.name for path in folder.iterdir()}
        tables = {f"{table.name}.csv" for table in TABLES} - {"events.csv"}
        assert names == tables | {"codebook.md", "data-card.md", "load.py"}

    def test_workbooks_come_without_the_loader_which_does_not_read_them(self, rafael: Visitor, tmp_path: Path) -> None:
        with zipfile.ZipFile(io.BytesIO(fetch(rafael, "format=xlsx"))) as archive:
            names = set(archive.namelist())
        assert names == {f"{table.name}.xlsx" for table in TABLES if table.name != "events"} | {
            "codebook.md",
            "data-card.md",
        }
        assert "no script beside Excel workbooks" in rafael.page("/studies/night/export")
        script = tmp_path / "load.py"
        script.write_text(loader(TABLES))
        done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("No tables here: ")

    def test_the_loader_loads_it_with_pandas_and_polars(self, folder: Any) -> None:
        scope: dict[str, Any] = {"__name__": "loader"}
        exec((folder / "load.py").read_text(), scope)  # the script is what is tested
        frames = scope["load_pandas"](folder)
        assert list(frames["submissions"]["verdict"]) == ["clear"]
        assert isinstance(frames["submissions"]["submitted_at"].dtype, pd.DatetimeTZDtype)
        assert isinstance(scope["load_polars"](folder)["submissions"], pl.DataFrame)

    @pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
    @pytest.mark.parametrize("program", ["pandas", "polars"])
    def test_every_format_loads_with_the_types_of_the_codebook(
        self, rafael: Visitor, some: dict[str, str], tmp_path: Path, file_format: str, program: str
    ) -> None:
        with zipfile.ZipFile(io.BytesIO(fetch(rafael, f"format={file_format}"))) as archive:
            archive.extractall(tmp_path)
        frame = load(tmp_path, program)["submissions"]
        by_id = dict(
            zip(frame["submission"], frame.to_dict("records") if program == "pandas" else frame.to_dicts(), strict=True)
        )
        assert by_id[some["typed"]]["accounted_share"] == 1.0
        assert by_id[some["typed"]]["log_complete"] is True
        assert missing(by_id[some["fresh"]]["arrived_share"])
        assert missing(by_id[some["fresh"]]["verdict"])
        assert by_id[some["pasted"]]["submitted_at"].year == 2026

    @pytest.mark.parametrize("program", ["pandas", "polars"])
    def test_the_loader_keeps_identifiers_texts_and_empty_tables(self, tmp_path: Path, program: str) -> None:
        (tmp_path / "submissions.csv").write_text(
            "submission,item,label,text,score,log_complete\ns1,001,007,NA,0.5,true\ns2,002,008,1e5,,true\n"
        )
        (tmp_path / "my-study-findings.csv").write_text("submission,finding\n")
        (tmp_path / "spans.jsonl").write_text("")
        frames = load(tmp_path, program)
        frame = frames["submissions"]
        assert list(frame["item"]) == ["001", "002"]
        assert list(frame["label"]) == ["007", "008"]
        assert list(frame["text"]) == ["NA", "1e5"]
        assert frame["score"].mean() == 0.5
        assert len(frames["findings"]) == len(frames["spans"]) == 0

    def test_the_data_card_says_how_it_was_filtered(self, folder: Any) -> None:
        card = (folder / "data-card.md").read_text()
        assert "1 of 4 submissions" in card
        assert "- Verdict is one of: clear." in card
        assert "Left out: what reviewers excluded" in card

    def test_the_codebook_names_every_column(self, folder: Any) -> None:
        book = (folder / "codebook.md").read_text()
        for table in TABLES:
            if table.name != "events":
                assert all(f"| `{column.name}` |" in book for column in table.columns)
