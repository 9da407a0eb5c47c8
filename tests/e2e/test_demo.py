"""The demo as anybody runs it, and the server under it as operators stop and scale it."""

import http.client
import json
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time

import httpx
import pytest

HERENOW = (sys.executable, "-m", "herenow")
READY_WITHIN_S = 60

pytestmark = pytest.mark.slow


def _lines_until(process, marker):
    """What the process prints up to a line that holds ``marker``."""
    lines = []
    for line in process.stdout:
        lines.append(line)
        if marker in line:
            return lines
    raise AssertionError("".join(lines))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo that serves, and what it printed."""
    data = tmp_path_factory.mktemp("demo")
    process = subprocess.Popen(
        [*HERENOW, "demo", "--data-dir", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield _lines_until(process, "Serving until Ctrl-C")
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Stopped." in rest


@pytest.fixture
def curl():
    """Runs a printed curl command as a shell would."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed; the printed commands cannot be tried")

    def run(line):
        done = subprocess.run(shlex.split(line), capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    return run


def test_the_demo_shows_burgers_of_kandivali_west_and_ends():
    """The founding story: the search, the place, burger joints with reasons, exit code 0."""
    done = subprocess.run(
        [*HERENOW, "demo", "--once"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "burger joints in kandivali west" in done.stdout
    assert '"Burgers in Kandivali West"' in done.stdout
    items = re.findall(r"^ +\d+  .*$", done.stdout, re.MULTILINE)
    assert len(items) == 10
    assert all("burger" in each and "matches the search" in each for each in items)
    assert "\x1b[" not in done.stdout


def test_the_printed_launch_works_as_printed(demo, curl):
    """Copied into a shell, the first curl answers another phone's first screen."""
    launch = next(each for each in demo if "/v1/installations" in each)
    config = json.loads(curl(launch))["config"]
    assert config["intent"]["place"]["name"].startswith("Andheri")
    assert config["placements"]["home_feed"]["items"]


def test_the_printed_manifest_works_as_printed(demo, curl):
    """The second curl answers a signed manifest."""
    manifest = next(each for each in demo if each.strip().endswith("/manifest"))
    assert curl(manifest).count(".") == 2


def test_the_printed_addresses_answer(demo):
    """The documentation is a page, and the emulator's address has the server's port."""
    page = next(re.search(r"http://127\.0\.0\.1:\d+/docs/", each) for each in demo if "/docs/" in each)[0]
    assert httpx.get(page, trust_env=False).is_success
    port = httpx.URL(page).port
    assert any(f"http://10.0.2.2:{port}" in each for each in demo)


def test_a_kept_folder_plays_again(tmp_path):
    """The second run finds everything published and tells the same story."""
    stories = [
        subprocess.run(
            [*HERENOW, "demo", "--once", "--data-dir", str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    titles = [re.search(r"first screen.*", story)[0] for story in stories]
    assert titles[0] == titles[1]
    assert all("release 1" in story for story in stories)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """A server of two workers over a store in which an app is live: its address, folder and process."""
    folder = tmp_path_factory.mktemp("two")
    app, data, port = folder / "small", folder / "data", _free_port()
    subprocess.run([*HERENOW, "new", str(app)], capture_output=True, check=True)
    _here(data, "publish", app)
    _here(data, "catalog", "import", app / "catalog.csv", "--folder", app)
    key = _here(data, "keys", "create", "--app", "small").strip()
    serve = ["serve", "--port", str(port), "--workers", "2", "--data-dir", str(data)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*HERENOW, *serve], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    _await(url)
    yield url, app, data, key, folder / "log", process
    process.kill()
    process.wait()


def test_a_publication_reaches_every_worker_within_a_second(two_workers):
    """After one second no answer comes from the earlier release, whichever worker gives it."""
    url, app, data, key, *_ = two_workers
    _launches(url, key, 24)
    features = json.loads((app / "features.json").read_text())
    features["home_title"]["default"] = "Second"
    (app / "features.json").write_text(json.dumps(features))
    _here(data, "publish", app)
    time.sleep(1.0)
    assert {each["serving_set"]["release"] for each in _launches(url, key, 24)} == {2}


def test_figures_are_those_of_all_workers(two_workers):
    """Whichever worker is asked, the count is of every request that any of them answered."""
    url, _, _, key, *_ = two_workers
    before = _counted(url)
    _launches(url, key, 10)
    assert _counted(url) == before + 10


def test_a_stop_lets_requests_in_flight_finish(two_workers):
    """SIGTERM while half of an import has arrived: it is answered, then the server ends with exit code 0."""
    url, _, data, _, log, process = two_workers
    token = _here(data, "admin", "bootstrap", "asha").strip()
    rows = "".join(f"item-{number},T{number},T,t,4,{number}\n" for number in range(20_000))
    body = f"id,title,topic,topics,rating,readers\n{rows}".encode()
    importing = http.client.HTTPConnection("127.0.0.1", httpx.URL(url).port, timeout=60)
    importing.putrequest("POST", "/admin/v1/apps/small/environments/production/catalog")
    for name, value in (("Authorization", f"Bearer {token}"), ("Content-Type", "text/csv")):
        importing.putheader(name, value)
    importing.putheader("Content-Length", str(len(body)))
    importing.putheader("Expect", "100-continue")
    importing.endheaders()
    assert select.select([importing.sock], [], [], READY_WITHIN_S)[0]  # the request is in work
    importing.send(body[: len(body) // 2])
    process.terminate()
    time.sleep(0.5)
    importing.send(body[len(body) // 2 :])
    answer = importing.getresponse()
    assert json.loads(answer.read())["version"]["items"] == 20_000
    assert answer.status == 201
    importing.close()
    assert process.wait(40) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {"event", "level", "timestamp"} <= set.intersection(*(set(line) for line in lines))
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/healthz", trust_env=False)


def _here(data, *arguments):
    command = [*HERENOW, *map(str, arguments), "--data-dir", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _free_port():
    from herenow.cli.demo.running import free_port

    return free_port("127.0.0.1", 8080)


def _await(url):
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/readyz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


def _launches(url, key, number):
    """Configs of so many first launches, each over a connection of its own so that workers take turns."""
    from herenow.cli.demo.playing import fresh_identity

    body = {"context": {"platform": "ios", "locale": "en-GB"}, "acquisition": {}}
    headers = {"X-Herenow-Key": key}
    answers = [
        httpx.post(
            f"{url}/v1/installations", json={**body, **fresh_identity()}, headers=headers, trust_env=False
        )
        for _ in range(number)
    ]
    assert {each.status_code for each in answers} == {201}
    return [each.json()["config"] for each in answers]


def _counted(url):
    """First launches that were created, as /metrics tells."""
    told = httpx.get(f"{url}/metrics", trust_env=False).text
    found = re.search(r'^herenow_requests_total\{.*installations".*status="201"\} (\S+)', told, re.MULTILINE)
    return float(found[1]) if found else 0.0
