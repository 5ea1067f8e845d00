"""Images: the caller's own, well-known ones, and any owner's on request."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import pytest

from awscloud.accounts import Accounts
from awscloud.calls import Hooks
from awscloud.images import IMAGE, IMAGES, STORE_IMAGE
from awscloud.things import a_user, an_instance, name
from deltacloud.errors import NotFound
from deltacloud.inputs import Filters, NewImage, PageRequest
from deltacloud.models import Image
from loopback import Asked, Backend, reply

pytestmark = pytest.mark.doubles

AMAZON = IMAGES[0]["owner_id"]
GONE = "ami-00000000000000fff"
Calling = Callable[[Hooks], Hooks]


@pytest.fixture
def parameters() -> Iterator[Backend]:
    """A service of parameters that names two images, the second of which may be gone."""

    def answer(asked: Asked) -> Iterable[bytes]:
        names = json.loads(asked.body)["Names"]
        assert len(names) <= 10
        values = [{"Name": names[0], "Value": IMAGE}, {"Name": names[1], "Value": GONE}]
        return reply(json.dumps({"Parameters": values}).encode(), Content_Type="application/x-amz-json-1.1")

    backend = Backend(answer)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def own(ec2: Hooks, moto: Accounts) -> Iterator[Image]:
    """An image of the caller's own."""
    with an_instance(moto) as instance:
        wanted = NewImage(instance_id=instance, name=name("image"), description="made here", tags=(("team", "web"),))
        made = ec2.call("create_image", new=wanted)
        yield ec2.call("get_image", image_id=made.id)
        ec2.call("destroy_image", image_id=made.id)
        with pytest.raises(NotFound):
            ec2.call("get_image", image_id=made.id)


def test_an_image_is_made_of_an_instance(own: Image) -> None:
    assert own.name is not None
    assert (own.name[:6], own.description, own.owner_id) == ("image-", "made here", "111111111111")
    assert (own.state, own.architecture) == ("available", "x86_64")
    assert (own.tags, own.hardware_profile_ids) == ((("team", "web"),), None)
    assert own.creation_time is not None


def test_an_image_without_a_name_gets_one(ec2: Hooks, moto: Accounts) -> None:
    with an_instance(moto) as instance:
        made = ec2.call("create_image", new=NewImage(instance_id=instance))
        assert (made.name or "").startswith(instance)
        ec2.call("destroy_image", image_id=made.id)


def test_an_instance_that_is_not_there_makes_no_image(ec2: Hooks) -> None:
    with pytest.raises(NotFound):
        ec2.call("create_image", new=NewImage(instance_id="i-00000000000000000"))


def test_without_an_owner_the_list_is_short(ec2: Hooks, own: Image) -> None:
    assert [one.id for one in ec2.list("images")] == [own.id]


def test_well_known_images_come_after_the_callers_own(
    calling: Calling, moto: Accounts, parameters: Backend, own: Image
) -> None:
    """One that is gone does not hide the others, and the names are asked for once in an hour."""
    known = calling(Hooks("ec2", moto.provider(ssm=parameters.url()), moto.main))
    assert [one.id for one in known.list("images")] == [own.id, IMAGE]
    found: list[str] = []
    marker = None
    while True:
        page = known.caller.lister.page("list_images", Filters(), PageRequest(limit=1, marker=marker))
        found += [one.id for one in page.items]
        marker = page.next_marker
        if marker is None:
            break
    assert found == [own.id, IMAGE]
    assert [one.id for one in known.list("images", Filters(architecture=("arm64",)))] == []
    assert len(parameters.asked) == 1


def test_who_may_not_read_parameters_or_whose_provider_has_none_sees_their_own(
    calling: Calling, moto: Accounts, own: Image
) -> None:
    keys = a_user(moto, "ec2:DescribeImages")
    assert [one.id for one in calling(Hooks("ec2", moto.provider(), keys)).list("images")] == [own.id]
    without = ";".join(part for part in moto.provider().split(";") if not part.startswith("ssm="))
    assert [one.id for one in calling(Hooks("ec2", without, moto.main)).list("images")] == [own.id]


def test_any_owner_can_be_asked_for(ec2: Hooks, own: Image) -> None:
    everybody = {one["ami_id"] for one in IMAGES}
    assert {one.id for one in ec2.list("images", Filters(owner_id=(AMAZON,)))} == everybody
    assert {one.id for one in ec2.list("images", Filters(owner_id=("self", AMAZON)))} == {own.id, *everybody}
    assert ec2.list("images", Filters(owner_id=("nobody",))) == []
    arm = Filters(owner_id=(AMAZON,), architecture=("arm64",))
    assert {one.architecture for one in ec2.list("images", arm)} == {"arm64"}


def test_the_operator_says_whose_images_are_listed(calling: Calling, provider: str, moto: Accounts, own: Image) -> None:
    set_up = calling(Hooks("ec2", provider, moto.main, settings={"image-owners": [AMAZON]}))
    assert {one.id for one in set_up.list("images")} == {one["ami_id"] for one in IMAGES}
    assert own.id not in [one.id for one in set_up.list("images")]


def test_an_image_is_found_by_its_id_whoever_owns_it(ec2: Hooks) -> None:
    assert [one.id for one in ec2.list("images", Filters(id=(STORE_IMAGE,)))] == [STORE_IMAGE]
    assert ec2.call("get_image", image_id=STORE_IMAGE).root_type == "transient"
    assert ec2.list("images", Filters(id=(GONE,))) == []
    for unknown in (GONE, "nothing"):
        for hook in ("get_image", "destroy_image"):
            with pytest.raises(NotFound):
                ec2.call(hook, image_id=unknown)


def test_images_are_found_by_their_tags_and_states(ec2: Hooks, own: Image) -> None:
    assert [one.id for one in ec2.list("images", Filters(tags=(("team", "web"),)))] == [own.id]
    assert [one.id for one in ec2.list("images", Filters(state=("AVAILABLE",)))] == [own.id]
    assert ec2.list("images", Filters(state=("failed",))) == []
