from factcheck.editions.files import write_files
from factcheck.readers import object_store
from factcheck.readers.mirroring import CHECKPOINT
from factcheck.readers.object_store import ObjectStore
from tests.object_store import AWS, NOBODY, new_place, serving


def test_the_doctor_says_what_the_store_lacks_and_a_push_sends_it(run, data, monkeypatch):
    monkeypatch.setattr(object_store, "RETRIES", 0)
    assert "is a folder" in run("site", "push").stderr
    store = {**AWS, "FACTCHECK_SITE": new_place(), "AWS_ENDPOINT_URL": NOBODY}
    for name, value in store.items():
        monkeypatch.setenv(name, value)
    assert run("site", "build", data / "site").exit_code == 0
    assert run("site", "push").exit_code == 2
    said = run("doctor")
    assert said.exit_code == 1
    assert "does not answer" in said.stdout
    with serving() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server)
        write_files(data / "site", {"about/index.html": b"changed"})
        assert "Files that are not in s3://checks/" in run("doctor").stdout
        assert run("site", "push").exit_code == 0
        assert run("doctor").stdout == "Nothing is wrong.\n"
        ObjectStore(store["FACTCHECK_SITE"]).put({CHECKPOINT: b"another log"})
        assert "is not what was sent" in run("doctor").stdout
