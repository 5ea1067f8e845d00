"""The pages as a person meets them, on the mock cloud: every link leads somewhere, and every form works."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deltacloud.api.collections import COLLECTIONS
from deltacloud.api.operations import Collection, Operation
from deltacloud.kernel import GatewaySettings, Kernel
from htmlclient import Browser, Page

ASKS_OR_REFUSES = (401, 412)
LEADS_NOWHERE = "/subnets/net1"
"""The recorded data of the mock cloud hold an interface on a network; all others are on subnets, as links say."""
UNSEEDED = ("/firewalls/{id}", "/firewalls/{id}/new_rule", "/load_balancers/{id}")
"""What a fresh mock cloud has no example of."""
FRONT = "/"
"""The front page leads to all the other clouds, too."""
ASSETS = "/api/assets/"
WITHOUT_CLOUD = (FRONT, "/api/sign-out?user=0f6e", "/api/sign-out?user=0f6e&again=yes")
LISTED = [one.name for one in COLLECTIONS if one.listed]
PUBLIC = ("drivers", "hardware_profiles", "instance_states")


@pytest.fixture(scope="module")
def site(open_browser: Callable[[Path], Browser], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """Every page of an untouched mock cloud that can be reached by links."""
    return crawl(open_browser(tmp_path_factory.mktemp("site")), "/api")


@pytest.fixture(scope="module")
def documents(site: dict[str, Page]) -> dict[str, Any]:
    """The HTML pages among them, parsed."""
    return {url: page.document for url, page in site.items() if page.is_html and url not in WITHOUT_CLOUD}


def crawl(browser: Browser, start: str) -> dict[str, Page]:
    """Every page that can be reached by links."""
    pages: dict[str, Page] = {}
    found = [start]
    while found:
        url = found.pop()
        if url in pages:
            continue
        pages[url] = page = browser.get(url)
        if page.is_html and url != FRONT:
            found += [one for one in page.links if ";driver=" not in one or (";" in start and one.startswith(start))]
    return pages


def wrong(pages: dict[str, Page]) -> list[tuple[str, int]]:
    """Addresses that lead nowhere."""
    return [
        (url, page.status)
        for url, page in pages.items()
        if page.status not in (200, *ASKS_OR_REFUSES) and not url.endswith(LEADS_NOWHERE)
    ]


def test_every_link_leads_to_a_page_of_the_same_site(site: dict[str, Page]) -> None:
    assert wrong(site) == []
    assert [url for url in site if urlsplit(url).netloc] == []


def test_every_list_every_page_of_a_resource_and_every_form_is_reached(tmp_path: Path, site: dict[str, Page]) -> None:
    driver = Kernel(GatewaySettings(drivers={"mock": {"storage": str(tmp_path)}})).drivers.get("mock")
    for collection in COLLECTIONS:
        for row in collection.operations:
            if row.available(driver):
                paths = [row.form] if row.form else [row.path] if row.method == "GET" else []
                for path in paths:
                    pattern = "/api" + re.sub(r"{\w+}", "[^/]+", path)
                    reached = any(re.fullmatch(pattern, url.partition("?")[0]) for url in site)
                    assert reached or path in UNSEEDED, path


def test_links_and_forms_keep_the_driver_and_provider_that_the_url_chose(browser: Browser) -> None:
    chosen = "/api;driver=mock;provider=a%2Fb%3Bc"
    pages = crawl(browser, chosen)
    assert wrong(pages) == []
    del pages[FRONT]
    elsewhere = (chosen, ASSETS)
    assert [url for url in pages if not url.startswith(elsewhere)] == []
    forms = [form.action for page in pages.values() if page.is_html for form in page.document.forms]
    assert forms
    assert [url for url in forms if not url.startswith(chosen)] == []


@pytest.mark.parametrize("name", LISTED)
def test_a_page_without_credentials_is_shown_or_asks_for_them(browser: Browser, name: str) -> None:
    page = browser.get(f"/api/{name}", user=None)
    assert page.status == (200 if name in PUBLIC else 401)
    assert page.is_html
    assert name in PUBLIC or page.heading == "401 - Unauthorized"


def test_every_page_says_where_it_is(documents: dict[str, Any]) -> None:
    assert len(documents) > len(LISTED)
    for url, document in documents.items():
        assert document.get("lang") == "en", url
        assert document.findtext(".//title"), url
        assert len(document.findall(".//h1")) == 1, url
        assert len(document.findall(".//main")) == 1, url
        assert "mock@default" in document.find(".//header").text_content(), url
        assert document.find('.//header//a[@rel="home"]').get("href") == "/api", url


def test_every_field_has_a_label_and_every_table_headers_and_a_caption(documents: dict[str, Any]) -> None:
    for url, document in documents.items():
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids)), url
        labelled = set(document.xpath("//label/@for"))
        fields = document.xpath("//input[not(@type='hidden') and not(@aria-label)] | //select | //textarea")
        assert {one.get("id") for one in fields} == labelled, url
        named = " ".join(document.xpath("//@aria-describedby | //@aria-labelledby")).split()
        assert set(named) <= set(ids), url
        for table in document.iter("table"):
            assert table.findtext("caption"), url
            assert table.xpath("thead/tr/th[@scope='col']"), url


def test_pages_load_their_own_style_sheet_and_script_and_nothing_else(
    site: dict[str, Page], documents: dict[str, Any]
) -> None:
    for url, document in documents.items():
        assert document.xpath("//img | //iframe | //object | //style | //@style") == [], url
        assert document.xpath("//@*[starts-with(name(), 'on')]") == [], url
        assert [one.text for one in document.iter("script")] == [None], url
        loaded = document.xpath("//@src | //link[@rel='stylesheet' or @rel='icon']/@href")
        assert len(loaded) == 3, url
        assert all(one.startswith(ASSETS) and site[one].status == 200 for one in loaded), url
        assert re.findall(rb"url\((?!#)|@import", site[url].body) == [], url


def test_style_sheet_and_scripts_are_kept_for_good_and_packed(browser: Browser) -> None:
    style = browser.get("/api").document.xpath("//link[@rel='stylesheet']/@href")[0]
    answer = browser.client("GET", style, accept="*/*", user=None, accept_encoding="gzip, br")
    assert "immutable" in answer.headers["cache-control"]
    assert gzip.decompress(answer.body) == browser.get(style).body
    known = browser.client("GET", style, user=None, if_none_match=browser.get(style).headers["etag"])
    assert (known.status, known.body) == (304, b"")
    other = browser.get(re.sub("/assets/[^/]+/", "/assets/older/", style))
    assert (other.status, other.headers["cache-control"]) == (200, "no-cache")
    assert browser.get("/api/assets/older/none.css").status == 404
    assert browser.client("POST", style).status == 405


@pytest.mark.parametrize(("text", "kind"), [("XML", "application/xml"), ("JSON", "application/json")])
@pytest.mark.parametrize("url", ["/api", "/api/instances?state=RUNNING", "/api/images/img1", "/api/buckets/bucket1"])
def test_a_page_links_to_the_same_as_xml_and_json(browser: Browser, url: str, text: str, kind: str) -> None:
    other = browser.get(browser.get(url).link(text))
    assert other.status == 200
    assert other.headers["content-type"].startswith(kind)


def test_a_page_of_a_list_links_to_the_next_one(browser: Browser) -> None:
    page = browser.get("/api/instances?limit=2")
    assert page.document.xpath("//tbody/tr/th/a/@href") == ["/api/instances/inst0", "/api/instances/inst1"]
    page = browser.get(page.link("Next page"))
    assert page.document.xpath("//tbody/tr/th/a/@href") == ["/api/instances/inst2", "/api/instances/inst3"]
    assert page.document.xpath("//a[@rel='next']") == []


def test_an_empty_list_says_so(browser: Browser) -> None:
    page = browser.get("/api/images?architecture=vax")
    assert page.document.xpath("//table") == []
    assert "There are none." in page.document.find(".//main").text_content()


def test_blobs_are_listed_with_links_to_them_and_to_their_contents(browser: Browser) -> None:
    page = browser.get("/api/buckets/bucket1")
    assert page.document.xpath("//tbody/tr/th/a/text()") == ["blob1", "blob2", "blob3"]
    assert browser.get(page.link("blob1")).heading == "Blob blob1"
    assert browser.get(page.link("Download")).body == browser.get("/api/buckets/bucket1/blob1/content").body


def test_blobs_with_a_common_beginning_fold_into_one_entry_that_opens(browser: Browser) -> None:
    for name in ("deep/er/one", "deep/two"):
        page = browser.get("/api/buckets/bucket1/new_blob_form_d15cfd90")
        browser.submit(page, page.form("Upload"), {"blob_id": name, "blob_data": b"x"})
    page = browser.get("/api/buckets/bucket1?delimiter=/")
    assert page.document.xpath("//tbody/tr/th/a/text()") == ["deep/", "blob1", "blob2", "blob3"]
    page = browser.get(page.link("deep/"))
    assert page.document.xpath("//tbody/tr/th/a//text()") == ["er/", "two"]


CREATED: list[tuple[str, dict[str, str], str]] = [
    ("/api/buckets/new", {"name": "b1"}, "Bucket b1"),
    ("/api/firewalls/new", {"name": "f1", "description": "d"}, "Firewall f1"),
    ("/api/images/new?instance_id=inst0", {"name": "i1"}, "Image i1"),
    ("/api/instances/new?image_id=img1&realm_id=us", {"name": "n1"}, "Instance n1"),
    ("/api/keys/new", {"name": "k1"}, "Key k1"),
    ("/api/networks/new", {"name": "w1", "address_block": "10.9.0.0/16"}, "Network w1"),
    ("/api/storage_snapshots/new?volume_id=vol1", {}, "Storage snapshot "),
    ("/api/storage_volumes/new", {"name": "v1", "capacity": "2"}, "Storage volume v1"),
    ("/api/subnets/new?network_id=net1", {"name": "s1", "address_block": "192.168.9.0/24"}, "Subnet s1"),
    ("/api/network_interfaces/new?instance=inst0&network=subnet1", {"name": "c1"}, "Network interface c1"),
    (
        "/api/load_balancers/new?realm_id=us",
        {
            "name": "l1",
            "listener_protocol": "TCP",
            "listener_balancer_port": "80",
            "listener_instance_port": "8080",
        },
        "Load balancer l1",
    ),
]


@pytest.mark.parametrize(("url", "values", "heading"), CREATED, ids=[one[0].split("/")[2] for one in CREATED])
def test_a_form_creates_and_a_button_destroys(browser: Browser, url: str, values: dict[str, str], heading: str) -> None:
    page = browser.get(url)
    page = browser.submit(page, page.form("Create"), values)
    assert page.heading.startswith(heading), page.heading
    if page.url.startswith("/api/instances"):
        page = browser.submit(page, page.form("Stop"))
    page = browser.submit(page, page.form("Destroy"))
    assert page.status == 200
    assert f"/api/{url.split('/')[2]}" == page.url
    assert heading.rsplit(maxsplit=1)[-1] not in page.document.xpath("//tbody//a/text()")


def test_a_blob_is_uploaded_by_a_form_with_its_metadata(browser: Browser) -> None:
    page = browser.get(browser.get("/api/buckets/bucket1").link("Upload a blob with its metadata"))
    values: dict[str, str | bytes] = {
        "blob_id": "a/b c",
        "blob_data": b"\x00content",
        "meta_name1": "Color",
        "meta_value1": "blue",
    }
    page = browser.submit(page, page.form("Upload"), values)
    assert page.heading == "Blob a/b c"
    assert page.members["Content length"] == "8 bytes"
    assert page.document.xpath("//dd/dl/dt/text()") == ["color"]
    assert browser.get(page.link("Download")).body == b"\x00content"
    assert browser.submit(page, page.form("Destroy")).url == "/api/buckets/bucket1"


def test_an_instance_offers_what_its_state_allows(browser: Browser) -> None:
    page = browser.get("/api/instances/inst0")
    assert page.buttons == ["Stop", "Reboot"]
    page = browser.submit(page, page.form("Stop"))
    assert page.state == "STOPPED"
    assert page.buttons == ["Start", "Destroy"]
    page = browser.submit(page, page.form("Start"))
    assert page.state == "RUNNING"


def test_a_command_runs_on_an_instance(browser: Browser) -> None:
    page = browser.get(browser.get("/api/instances/inst0").link("Run a command on the instance"))
    page = browser.submit(page, page.form("Run"), {"cmd": "echo <b>"})
    assert page.members["Command"] == "echo <b>"
    assert page.document.find(".//pre").text_content()
    assert browser.get(page.link("Instance inst0")).heading == "Instance Mock Instance With Profile Change"


def test_a_volume_is_attached_and_detached(browser: Browser) -> None:
    page = browser.get(browser.get("/api/storage_volumes/vol1").link("Attach the volume to an instance"))
    page = browser.submit(page, page.form("Attach"), {"instance_id": "inst0", "device": "/dev/sdc"})
    assert page.members["Instance"] == "inst0"
    assert page.buttons == ["Detach"]
    page = browser.submit(page, page.form("Detach"))
    assert "Instance" not in page.members


def test_an_address_is_made_associated_and_freed(browser: Browser) -> None:
    page = browser.get("/api/addresses")
    page = browser.submit(page, page.form("Create an address"))
    page = browser.get(page.link("Let an instance have the address"))
    page = browser.submit(page, page.form("Associate"), {"instance_id": "inst0"})
    assert browser.get(page.link("inst0")).url == "/api/instances/inst0"
    assert page.buttons == ["Disassociate", "Destroy"]
    page = browser.submit(page, page.form("Disassociate"))
    assert page.members["Associated"] == "no"


def test_a_rule_is_added_to_a_firewall_and_deleted(browser: Browser) -> None:
    page = browser.get("/api/firewalls/new")
    page = browser.submit(page, page.form("Create"), {"name": "f1", "description": "d"})
    page = browser.get(page.link("Add a rule to a firewall"))
    values = {"protocol": "tcp", "port_from": "22", "port_to": "22", "ip_address1": "10.1.2.0/24"}
    page = browser.submit(page, page.form("Create"), values)
    assert page.document.xpath("//article//td//text()") == ["address", "ipv4", "10.1.2.0", "24"]
    page = browser.submit(page, page.document.find(".//article//form"))
    assert page.document.xpath("//article") == []


def test_an_instance_is_put_behind_a_load_balancer(browser: Browser) -> None:
    page = browser.get("/api/load_balancers/new?realm_id=us")
    ports = {"listener_protocol": "TCP", "listener_balancer_port": "80", "listener_instance_port": "80"}
    page = browser.submit(page, page.form("Create"), {"name": "l1", **ports})
    page = browser.submit(page, page.form("Register"), {"instance_id": "inst0"})
    assert page.members["Instances"].startswith("Mock Instance With Profile Change")
    page = browser.submit(page, page.form("Unregister"), {"instance_id": "inst0"})
    assert "Instances" not in page.members


def test_the_driver_is_changed_by_a_form(browser: Browser) -> None:
    page = browser.get("/api")
    page = browser.submit(page, page.form("Change driver"), {"driver": "mock"})
    assert page.url == "/api;driver=mock"


def test_an_error_is_a_page_with_a_way_to_try_again(browser: Browser) -> None:
    page = browser.get("/api;driver=mock/instances/none?format=html&pasword=sesame")
    assert page.status == 404
    assert page.heading == "404 - Not Found"
    assert page.members["Code"] == "not_found"
    assert page.members["Request id"] == page.headers["x-request-id"]
    assert page.link("Retry") == "/api;driver=mock/instances/none?format=html"


def test_what_failed_to_change_something_offers_no_retry(browser: Browser) -> None:
    page = browser.get("/api/keys/new")
    page = browser.submit(page, page.form("Create"), {"name": "test-key"})
    assert page.status == 403
    assert "Retry" not in page.document.text_content()


def test_the_life_of_an_instance_is_drawn_and_told(browser: Browser) -> None:
    page = browser.get("/api/instance_states")
    assert page.document.xpath("//svg")
    rows = [tuple(one.itertext("th", "td")) for one in page.document.xpath("//tbody/tr")]
    assert ("running", "stop", "stopped") in rows
    assert ("pending", "by itself", "running") in rows


def test_secrets_are_on_the_pages_whose_json_shows_them_and_on_no_others(browser: Browser) -> None:
    assert b"PRIVATE KEY" in browser.get("/api/keys/test-key").body
    assert b"PRIVATE KEY" not in browser.get("/api/keys").body


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("/api/docs", "Storage volumes"),
        ("/api/docs/instances", "user_data"),
        ("/api/docs/instances/create", "hwp_memory"),
        ("/api/docs/blobs/create", "blob_data"),
        ("/api/docs/firewalls", "What a firewall lets through"),
    ],
)
def test_the_documentation_is_made_of_the_rows(browser: Browser, url: str, what: str) -> None:
    page = browser.get(url, user=None)
    assert page.status == 200
    assert what in page.document.find(".//main").text_content()


OPERATIONS = [(one, row) for one in COLLECTIONS for row in one.operations]


@pytest.mark.parametrize(("collection", "row"), OPERATIONS, ids=[f"{one.name}.{row.name}" for one, row in OPERATIONS])
def test_every_operation_can_be_tried_out(browser: Browser, collection: Collection, row: Operation) -> None:
    page = browser.get(f"/api/docs/{collection.name}/{row.name}")
    if row.fields:
        asked = page.form("Go on")
        assert {name for name, _ in asked.form_values()} == set(row.fields)
        page = browser.get(page.url + "?" + "&".join(f"{name}=a%2Fb" for name in row.fields))
    sent = page.form("Send")
    address = re.sub(r"{\w+}", "a%2Fb", row.path)
    assert sent.action == f"/api{address}"
    assert sent.method == ("GET" if row.method == "GET" else "POST")
    assert dict(sent.form_values()).get("_method", row.method) == row.method
    assert row.method in page.document.get_element_by_id("trial").text_content()


def test_a_driver_is_described(browser: Browser) -> None:
    page = browser.get(browser.get("/api/drivers").link("mock"))
    assert page.members["Id"] == "mock"
