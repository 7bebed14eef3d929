"""Every feature on marked-up scripts, against golden answers."""

from __future__ import annotations

import pytest

from tests.support.lsp_features import DATA, RENDER, UPDATE, cases, marked, write_answers


@pytest.mark.parametrize(
    ("feature", "case"),
    [
        pytest.param(feature, case, id=f"{feature}: {case.name}")
        for feature in RENDER
        for case in cases(feature)
    ],
)
def test_answer(feature, case, tmp_path):
    answer = RENDER[feature](marked(case, tmp_path)).replace(str(tmp_path), "<workspace>")
    if UPDATE:
        pytest.skip("answers are written by test_update")
    assert "\n".join(line.rstrip() for line in answer.splitlines()) == case.answer


@pytest.mark.skipif(not UPDATE, reason="UPDATE_GOLDEN is not set")
@pytest.mark.parametrize("feature", list(RENDER))
def test_update(feature, tmp_path):
    answers = {}
    for index, case in enumerate(cases(feature)):
        folder = tmp_path / str(index)
        folder.mkdir()
        answer = RENDER[feature](marked(case, folder)).replace(str(folder), "<workspace>")
        answers[case.name] = "\n".join(line.rstrip() for line in answer.splitlines())
    write_answers(feature, answers)


@pytest.mark.parametrize("feature", list(RENDER))
def test_names_of_cases_differ(feature):
    names = [case.name for case in cases(feature)]
    assert names
    assert len(names) == len(set(names))


def test_every_data_file_belongs_to_a_feature():
    assert {path.stem for path in DATA.glob("*.txt")} == set(RENDER)
