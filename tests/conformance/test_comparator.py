"""The comparator finds what differs, and is not disturbed by what may differ."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carried import Carried
from comparator import Comparison
from exchanges import Answer, Request

API = "http://localhost:3001/api"
DATE = "Mon, 23 Nov 2026 08:27:54 GMT"
TODAY = "Tue, 24 Nov 2026 08:00:00 GMT"
DECLARATION = "<?xml version='1.0' encoding='utf-8' ?>\n"
REALMS = (
    f"{DECLARATION}<realms>\n"
    f"  <realm href='{API}/realms/us' id='us'>\n"
    "    <name>United States</name>\n    <state>AVAILABLE</state>\n  </realm>\n"
    f"  <realm href='{API}/realms/eu' id='eu'>\n    <name>Europe</name>\n    <state>AVAILABLE</state>\n  </realm>\n"
    "</realms>\n"
)
IMAGES = '{"images":[{"id":"img1","name":"one","tags":{}},{"id":"img2","name":"two","tags":{}}]}'
ERROR = (
    "<error status='404' url='/api/realms/zz'><backend driver='mock' provider='default'></backend><code>404</code>"
    "<message><![CDATA[Not Found]]></message><backtrace>\n<![CDATA[{0}]]>\n</backtrace><request>{1}</request></error>"
)
PEM = "-----BEGIN RSA PRIVATE KEY-----\n{0}\nJJHH-----END RSA PRIVATE KEY-----"


def xml(text: str, **headers: str) -> Answer:
    return Answer(200, (("Content-Type", "application/xml"), ("Date", DATE)), text.encode()).with_headers(**headers)


def json_answer(text: str) -> Answer:
    return Answer(200, (("Content-Type", "application/json"), ("Date", DATE)), text.encode())


def differences(recorded: Answer, ours: Answer, *, carried: Carried | None = None, path: str = "/api/x") -> list[str]:
    return Comparison(carried or Carried(), Request("GET", path, (), b""), recorded, ours).run()


def places(recorded: Answer, ours: Answer) -> list[str]:
    return [difference.partition(": ")[0] for difference in differences(recorded, ours)]


def test_equal_answers_have_no_difference() -> None:
    assert not differences(xml(REALMS), xml(REALMS))
    assert not differences(json_answer(IMAGES), json_answer(IMAGES))


def test_the_layout_of_xml_does_not_count() -> None:
    compact = REALMS.replace("\n", "").replace("  <", "<").replace("?><", "?>\n<")
    assert not differences(xml(REALMS), xml(compact))


def test_the_order_of_a_list_does_not_count() -> None:
    first, second = REALMS.index("  <realm "), REALMS.rindex("  <realm ")
    end = REALMS.index("</realms>")
    turned = REALMS[:first] + REALMS[second:end] + REALMS[first:second] + REALMS[end:]
    assert not differences(xml(REALMS), xml(turned))


def test_the_order_of_elements_of_a_resource_counts() -> None:
    turned = REALMS.replace(
        "<name>Europe</name>\n    <state>AVAILABLE</state>", "<state>AVAILABLE</state><name>Europe</name>"
    )
    assert places(xml(REALMS), xml(turned))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("Europe", "Asia", "realms/realm[eu]/name"),
        ("Europe", " Europe ", "realms/realm[eu]/name"),
        ("    <state>AVAILABLE</state>\n  </realm>\n</realms>", "</realm></realms>", "realms/realm[eu]/state"),
        ("<name>Europe</name>", "<name>Europe</name><limit>1</limit>", "realms/realm[eu]/limit"),
        (f" href='{API}/realms/eu'", "", "realms/realm[eu]/@href"),
        ("id='eu'", "id='eu' rel='realm'", "realms/realm[eu]/@rel"),
        ("/realms/eu'", "/realms/us'", "realms/realm[eu]/@href"),
    ],
)
def test_a_changed_document_is_found_at_its_place(old: str, new: str, place: str) -> None:
    assert places(xml(REALMS), xml(REALMS.replace(old, new))) == [place]


def test_swapped_ids_are_found() -> None:
    swapped = REALMS.replace("id='us'", "id='?'").replace("id='eu'", "id='us'").replace("id='?'", "id='eu'")
    found = places(xml(REALMS), xml(swapped))
    assert "realms/realm[eu]/name" in found
    assert "realms/realm[us]/@href" in found


def test_a_missing_and_a_repeated_resource_are_found() -> None:
    second = REALMS[REALMS.rindex("  <realm ") : REALMS.index("</realms>")]
    assert places(xml(REALMS), xml(REALMS.replace(second, ""))) == ["realms/realm[eu]"]
    assert places(xml(REALMS), xml(REALMS.replace(second, second * 2))) == ["realms/realm[eu]"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"one"', '"two"', "$/images/#[img1]/@name"),
        ('"one"', "1", "$/images/#[img1]/@name"),
        ('"one"', "null", "$/images/#[img1]/@name"),
        ('"name":"two",', "", "$/images/#[img2]/@name"),
        ('"name":"two"', '"name":"two","x":null', "$/images/#[img2]/@x"),
        ('"tags":{}}]', '"tags":[]}]', "$/images/#[img2]/tags"),
        ('"tags":{}}]', '"tags":""}]', "$/images/#[img2]/@tags"),
        (',{"id":"img2","name":"two","tags":{}}', "", "$/images/#[img2]"),
    ],
)
def test_a_changed_json_document_is_found_at_its_place(old: str, new: str, place: str) -> None:
    assert place in places(json_answer(IMAGES), json_answer(IMAGES.replace(old, new)))


def test_a_number_and_its_text_differ() -> None:
    assert places(json_answer('{"size":3}'), json_answer('{"size":"3"}')) == ["$/@size"]
    assert places(json_answer('{"size":1}'), json_answer('{"size":true}')) == ["$/@size"]


def test_the_order_of_members_does_not_count() -> None:
    assert not differences(json_answer('{"a":1,"b":{"c":2,"d":3}}'), json_answer('{"b":{"d":3,"c":2},"a":1}'))


def test_what_is_no_document_is_found() -> None:
    assert differences(xml(REALMS), xml(REALMS.replace("</realms>", ""))) != []
    assert differences(json_answer(IMAGES), json_answer(IMAGES[:-1])) != []
    assert differences(xml(REALMS), xml("")) != []


def test_the_declaration_is_where_it_was() -> None:
    assert places(xml(REALMS), xml(REALMS.removeprefix(DECLARATION))) == ["XML declaration"]
    entry = "<api version='1.1.3'></api>"
    assert places(xml(entry), xml(DECLARATION + entry)) == ["XML declaration"]


def test_another_status_is_found() -> None:
    assert places(xml(REALMS), replace(xml(REALMS), status=203)) == ["status"]


@pytest.mark.parametrize(
    ("name", "recorded", "ours"),
    [
        ("Content-Type", "application/xml", "application/json"),
        ("Location", f"{API}/keys/a", f"{API}/keys/b"),
        ("Location", f"{API}/keys/a", None),
        ("Location", None, f"{API}/keys/a"),
        ("WWW-Authenticate", 'Basic realm="mock-deltacloud@localhost"', 'Basic realm="x"'),
        ("WWW-Authenticate", None, "Basic"),
        ("Expect", "firewalls", "load_balancers"),
        ("Allow", "GET,POST", "GET"),
        ("ETag", "0123", "0123"),
        ("ETag", "0123", 'W/"0123"'),
        ("ETag", "0123", None),
        ("Cache-Control", "max-age=0, private, must-revalidate", "public"),
        ("Server", "Apache-Deltacloud/1.1.3", "gunicorn"),
        ("X-Deltacloud-Driver", "mock", "ec2"),
        ("X-Deltacloud-Driver", "mock", None),
        ("X-Deltacloud-Blobmeta-Version", "1", "2"),
        ("X-Backend-Runtime", "0.01", "soon"),
        ("X-Powered-By", None, "anything"),
        ("Content-Disposition", "attachment; filename=a", "attachment; filename=b"),
    ],
)
def test_a_header_that_matters_is_compared(name: str, recorded: str | None, ours: str | None) -> None:
    key = name.replace("-", "_")
    assert f"header {name.lower()}" in places(xml(REALMS, **_given(key, recorded)), xml(REALMS, **_given(key, ours)))


@pytest.mark.parametrize(
    ("name", "recorded", "ours"),
    [
        ("Content-Type", "text/html;charset=utf-8", "text/html"),
        ("Content-Type", "application/xml", "Application/XML"),
        ("Allow", "GET,POST", "POST, GET"),
        ("ETag", "0123", '"4567"'),
        ("Cache-Control", "max-age=0, private, must-revalidate", "no-store"),
        ("Server", "thin", None),
        ("Server", None, "Apache-Deltacloud/1.1.3"),
        ("X-Backend-Runtime", "4.85e-05", "0.000012"),
        ("Date", DATE, TODAY),
        ("Connection", "keep-alive", None),
        ("Content-Disposition", "attachment; filename=a", 'attachment; filename="a"'),
        ("Vary", None, "Accept"),
    ],
)
def test_a_header_may_differ_where_the_reference_says_so(name: str, recorded: str | None, ours: str | None) -> None:
    key = name.replace("-", "_")
    plain = Answer(200, (), b"")
    assert not differences(plain.with_headers(**_given(key, recorded)), plain.with_headers(**_given(key, ours)))


def _given(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


@pytest.mark.parametrize(
    ("recorded", "ours"),
    [
        ("Thu Oct 25 14:27:53 CEST 2012", "2012-10-25T12:27:53Z"),
        ("Thu Jul 30 14:35:11 UTC 2009", "2009-07-30T14:35:11Z"),
        ("2010-09-23 16:44:54 +0100", "2010-09-23T15:44:54Z"),
        ("2013-10-01 10:20:30 UTC", "2013-10-01T10:20:30Z"),
        ("2026-11-23 08:27:55 +0000", "2026-11-24T07:59:58Z"),
    ],
)
def test_a_point_in_time_is_compared_as_such(recorded: str, ours: str) -> None:
    theirs = xml(f"<blob><created>{recorded}</created></blob>")
    assert not differences(theirs, xml(f"<blob><created>{ours}</created></blob>", Date=TODAY))


@pytest.mark.parametrize(
    ("recorded", "ours"),
    [
        ("Thu Oct 25 14:27:53 CEST 2012", "2012-10-25T14:27:53Z"),
        ("2010-09-23 16:44:54 +0100", "2010-09-23 16:44:54 +0100"),
        ("2010-09-23 16:44:54 +0100", "2010-09-23T16:44:54+01:00"),
        ("2010-09-23 16:44:54 +0100", ""),
        ("2026-11-23 08:27:55 +0000", "2026-11-22T07:59:58Z"),
        ("2026-11-23 08:27:55 +0000", "2010-09-23T15:44:54Z"),
    ],
)
def test_another_point_in_time_or_another_form_is_found(recorded: str, ours: str) -> None:
    theirs = xml(f"<blob><created>{recorded}</created></blob>")
    assert differences(theirs, xml(f"<blob><created>{ours}</created></blob>", Date=TODAY))


def test_text_is_trimmed_only_where_readers_must() -> None:
    spread = "<subnet><address_block>\n  10.0.0.0/8\n</address_block></subnet>"
    assert not differences(xml(spread), xml("<subnet><address_block>10.0.0.0/8</address_block></subnet>"))
    assert differences(xml("<subnet><name>a</name></subnet>"), xml("<subnet><name>\n  a\n</name></subnet>"))


def test_a_key_is_compared_by_shape_and_stays_the_same() -> None:
    carried = Carried()
    recorded, ours = (xml(f"<key><pem>{PEM.format(line)}</pem></key>") for line in ("AAAA", "BBBB"))
    assert not differences(recorded, ours, carried=carried)
    assert not differences(recorded, ours, carried=carried)
    other = xml(f"<key><pem>{PEM.format('CCCC')}</pem></key>")
    assert differences(recorded, other, carried=carried)
    assert differences(other, ours, carried=carried), "one key of ours for two of the original's"
    assert differences(recorded, xml("<key><pem>secret</pem></key>"))


def test_a_fingerprint_is_compared_by_shape() -> None:
    recorded = xml(f"<key><fingerprint>{':'.join(['ab'] * 20)}</fingerprint></key>")
    assert not differences(recorded, xml(f"<key><fingerprint>{':'.join(['0f'] * 20)}</fingerprint></key>"))
    assert differences(recorded, xml("<key><fingerprint>abcdef</fingerprint></key>"))


def test_a_random_address_is_of_the_same_subnet() -> None:
    nic = "<network_interface><ip_address>{0}</ip_address></network_interface>"
    assert not differences(xml(nic.format("172.16.1.81")), xml(nic.format("172.16.1.4")))
    assert differences(xml(nic.format("172.16.1.81")), xml(nic.format("172.16.2.4")))


def test_samples_are_compared_by_shape_and_the_layout_of_metrics_to_the_byte() -> None:
    sample = "<cpu><property name='minimum' value='0.4'></property></cpu>"
    metric = f"<metric id='a'>\n  <entity>e</entity>\n  {sample}\n</metric>"
    assert not differences(xml(metric), xml(metric.replace("0.4", "17")))
    assert differences(xml(metric), xml(metric.replace("0.4", "low")))
    assert differences(xml(metric), xml(metric.replace("\n  <entity>", "<entity>")))
    assert differences(xml(metric), xml(metric.replace("minimum", "least")))


def test_an_error_document_loses_its_backtrace_and_its_routers_internals() -> None:
    internals = "<param name='splat'>[]</param><param name='captures'>[&quot;zz&quot;]</param>"
    recorded = xml(DECLARATION + ERROR.format("a trace", internals))
    sent = "<param name='id'>\"zz\"</param>"
    ours = xml(ERROR.format("", sent))
    assert not differences(recorded, ours, path="/api/realms/zz")
    assert differences(recorded, xml(ERROR.format("a trace", sent)), path="/api/realms/zz")
    assert differences(recorded, xml(ERROR.format("", "<param name='password'>\"x\"</param>")), path="/api/realms/zz")
    assert differences(recorded, xml(DECLARATION + ERROR.format("", sent)), path="/api/realms/zz")
    assert differences(recorded, xml(ERROR.format("", sent).replace("Not Found", "Gone")), path="/api/realms/zz")


def test_what_the_original_named_in_an_error_is_named_by_us() -> None:
    named = "<param name='id'>\"zz\"</param>"
    assert differences(xml(ERROR.format("", named)), xml(ERROR.format("", "")), path="/api/realms/zz")


def test_contents_are_compared_to_the_byte() -> None:
    content = Answer(200, (("Content-Type", "application/octet-stream"),), b"\x00\x01")
    assert not differences(content, content)
    assert places(content, replace(content, body=b"\x00")) == ["body"]


def test_a_page_is_expected_where_its_recording_was_left_out() -> None:
    recorded = Answer(200, (("Content-Type", "text/html"), ("Content-Length", "4711")), b"")
    page = Answer(200, (("Content-Type", "text/html"),), b"<!DOCTYPE html><title>x</title>")
    assert not differences(recorded, page)
    assert places(recorded, replace(page, body=b"")) == ["body"]
    assert places(recorded.with_headers(Content_Length="0"), page) == ["body"]
