import pytest

from tests.support import response_coverage, suite
from tests.support.response_coverage import Answer, explaining_nothing, undocumented, unexplained


@pytest.mark.whole
def test_every_answer_is_documented_and_every_documented_one_was_given() -> None:
    """By any run of the suite. What is not seen says why in a file."""
    folder = suite.folder()
    assert folder is not None
    runs = suite.runs(folder)
    seen = {Answer(*response) for run in runs for response in run.responses}
    known, why = response_coverage.in_documents(), response_coverage.explanations()
    surprising = undocumented(seen, known)
    assert not surprising, "\n".join(["not documented:", *surprising])
    # A test that failed may be the one that would have seen it.
    if not any(run.failed for run in runs):
        missing, idle = unexplained(seen, known, why), explaining_nothing(seen, known, why)
        assert not missing, "\n".join(["neither seen nor explained:", *missing])
        assert not idle, "\n".join(["explaining nothing:", *idle])
    print(f"{len(seen & known)} of {len(known)} documented answers seen")
