"""What an agent was told, said and did, on disk."""

from callsheet.agents.transcripts import MAX_TEXT_CHARS, Transcript, read_transcript
from callsheet.redaction import Redactor


def test_lines_are_appended_without_secrets(tmp_path):
    path = tmp_path / "1.jsonl"
    redactor = Redactor({"A_KEY": "open sesame"})
    Transcript(path, 1, redactor).append("start", prompt="say open sesame", tools=["ls"])
    Transcript(path, 2, redactor).append("tool", text="é" * (MAX_TEXT_CHARS + 5), lone="\ud800")
    with path.open("ab") as file:
        file.write(b'{"half')
    first, second = read_transcript(path)
    assert (first["kind"], first["attempt"], first["prompt"], first["tools"]) == (
        "start",
        1,
        "say [redacted]",
        ["ls"],
    )
    assert second["text"].endswith("é… (5 more characters)")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_gone_is_no_error(tmp_path):
    Transcript(tmp_path / "gone" / "1.jsonl", 1, Redactor({})).append("start")
    Transcript(None, 1, Redactor({})).append("start")
