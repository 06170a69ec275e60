"""Pictures: known by their content, written anew with nothing hidden, seen only by those who see the draft."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from amanat.desk.audit.models import Event
from amanat.desk.lib import files, images
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import drafts, editing, pictures
from amanat.desk.publishing.models import Draft, Picture
from amanat.desk.publishing.readiness import faults
from tests.desk.publishing.conftest import STOPPED, Press, photo

SignedIn = Callable[[str], Client]
SECRET = b"GPS-31.5497N-74.3436E"


def kept(picture: Picture) -> bytes:
    return files.path_of(picture.sha256).read_bytes()


def test_what_a_telephone_hides_is_gone(press: Press) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = SECRET.decode(), SECRET.decode()
    exif.get_ifd(0x8825)[2] = (31.0, 32.0, 58.9)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    upload = photo(exif=exif.tobytes(), icc_profile=profile, comment=SECRET)
    assert SECRET in upload.read()
    draft = press.write()
    picture = pictures.add(draft, upload, by=draft.author, alts={"en": "A door"})
    data = kept(picture)
    assert SECRET not in data
    with Image.open(io.BytesIO(data)) as again:
        assert not again.getexif()
        assert {"exif", "icc_profile", "comment", "xmp"}.isdisjoint(again.info)
        assert (again.format, again.size) == ("JPEG", (picture.width, picture.height))


def test_a_picture_on_its_side_is_turned_before_its_exif_goes(press: Press) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    draft = press.write()
    picture = pictures.add(draft, photo(exif=exif.tobytes()), by=draft.author, alts={})
    assert (picture.width, picture.height) == (40, 60)


def test_texts_in_a_png_are_gone(press: Press) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    draft = press.write()
    picture = pictures.add(draft, photo("PNG", pnginfo=notes), by=draft.author, alts={})
    assert SECRET not in kept(picture)
    assert picture.kind == "image/png"


@pytest.mark.parametrize(("kind", "becomes"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png")])
def test_four_kinds_whatever_the_name_says(press: Press, kind: str, becomes: str) -> None:
    draft = press.write()
    picture = pictures.add(draft, photo(kind, name="letter.exe"), by=draft.author, alts={})
    assert picture.kind == f"image/{becomes}"
    assert draft.hash() == Draft.objects.get(pk=draft.pk).hash()


def test_a_transparent_picture_stays_so(press: Press) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    draft = press.write()
    picture = pictures.add(draft, SimpleUploadedFile("a.png", written.getvalue()), by=draft.author, alts={})
    with Image.open(io.BytesIO(kept(picture))) as again:
        assert again.mode == "RGBA"


def moving() -> SimpleUploadedFile:
    written = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    return SimpleUploadedFile("a.gif", written.getvalue())


def bomb() -> SimpleUploadedFile:
    """A small PNG that claims to unfold to 10 thousand million pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return SimpleUploadedFile("a.png", data)


@pytest.mark.parametrize(
    "upload",
    [
        lambda: SimpleUploadedFile("a.jpg", b""),
        lambda: SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>"),
        lambda: SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"x" * 300),
        lambda: SimpleUploadedFile("a.png", photo("PNG").read()[:60]),
        lambda: SimpleUploadedFile("a.tif", photo("TIFF").read()),
        lambda: SimpleUploadedFile("a.jpg", b"\xff" * (images.LIMIT + 1)),
        moving,
        bomb,
    ],
)
def test_what_is_no_still_picture_is_refused(press: Press, upload: Callable[[], SimpleUploadedFile]) -> None:
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as whoever imports weasyprint leaves it
    draft = press.write()
    with pytest.raises(Refused):
        pictures.add(draft, upload(), by=draft.author, alts={})
    assert not Picture.objects.exists()


def test_four_at_most_and_none_twice(press: Press) -> None:
    draft = press.write()
    for n in range(4):
        pictures.add(draft, photo(size=(10 + n, 10)), by=draft.author, alts={})
    with pytest.raises(Refused):
        pictures.add(draft, photo(size=(99, 9)), by=draft.author, alts={})
    other = press.write()
    pictures.add(other, photo(), by=other.author, alts={})
    with pytest.raises(Refused):
        pictures.add(other, photo(), by=other.author, alts={})


def test_a_photograph_is_kept_no_larger_than_it_is_shown() -> None:
    clean = images.clean(photo(size=(3000, 4000)))
    assert (clean.width, clean.height) == (1536, 2048)


def test_a_second_picture_behind_the_first_is_no_movement() -> None:
    written = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    frames[0].save(written, "MPO", save_all=True, append_images=frames[1:])
    clean = images.clean(SimpleUploadedFile("a.jpg", written.getvalue()))
    with Image.open(clean.file) as again:
        assert (again.format, getattr(again, "n_frames", 1)) == ("JPEG", 1)
        assert again.getpixel((30, 20)) == pytest.approx((255, 0, 0), abs=5)


def test_a_picture_too_large_for_a_platform_is_named_before_the_panel(press: Press) -> None:
    draft = press.write(channels=[press.page, press.wall])
    picture = pictures.add(draft, photo(), by=draft.author, alts={"en": "A door"})
    assert not faults(draft)
    Picture.objects.filter(pk=picture.pk).update(size=1_000_001)
    editing.forget(draft)
    assert [fault.words for fault in faults(draft)] == [
        f"Picture 1 is too large for {press.page}: at most 1 MB. Choose a smaller one."
    ]


def test_a_picture_without_words_does_not_reach_the_panel(press: Press) -> None:
    draft = press.write(channels=[press.page])
    picture = pictures.add(draft, photo(), by=draft.author, alts={"ur": "دروازہ"})
    with pytest.raises(Refused) as refused:
        drafts.submit(draft, by=draft.author)
    assert "English" in refused.value.reason
    pictures.describe(picture, by=draft.author, alts={"en": "A door"})
    drafts.submit(draft, by=draft.author)


def test_what_a_picture_shows_in_words_is_screened_too(press: Press, signed_in: SignedIn) -> None:
    draft = press.write(channels=[press.page])
    picture = pictures.add(draft, photo(), by=draft.author, alts={"en": STOPPED})
    version = draft.versions.get(language="en")
    assert (version.level, draft.level) == ("stop", "stop")
    assert any(level == "stop" for _clause, level in version.clauses)
    assert 'class="level stop"' in signed_in("head@own").get(draft.get_absolute_url()).text
    with pytest.raises(Refused, match="A rule stops this text"):
        drafts.submit(draft, by=draft.author)
    pictures.describe(picture, by=draft.author, alts={"en": "A door", "hi": STOPPED})
    assert draft.versions.get().level == "clear"
    assert Draft.objects.get().level == "stop"  # no text in Hindi stands beside it
    pictures.describe(Picture.objects.get(), by=draft.author, alts={"hi": ""})
    assert Draft.objects.get().level == "clear"


def test_it_is_added_described_and_taken_out_on_the_page(press: Press, signed_in: SignedIn) -> None:
    draft, client = press.write(), signed_in("officer@own")
    address = reverse("publishing:add-picture", args=[draft.pk])
    assert 'enctype="multipart/form-data"' in client.get(address).text
    assert client.post(address, {"picture": photo(), "alt-en": "A door"}).status_code == 302
    picture = Picture.objects.get()
    assert picture.alts == {"en": "A door"}
    page = client.post(address, {"picture": SimpleUploadedFile("a.jpg", b"no picture"), "alt-en": "kept words"})
    assert (page.status_code, "kept words" in page.text) == (403, True)
    client.post(reverse("publishing:describe-picture", args=[draft.pk, picture.pk]), {"alt-en": "An open door"})
    assert Picture.objects.get().alts == {"en": "An open door"}
    before = Event.objects.count()
    client.post(reverse("publishing:remove-picture", args=[draft.pk, picture.pk]))
    assert not Picture.objects.exists()
    assert Event.objects.count() == before + 1


def test_it_is_served_to_those_who_see_the_draft_and_to_nobody_else(press: Press, signed_in: SignedIn) -> None:
    draft = press.write()
    picture = pictures.add(draft, photo("PNG"), by=draft.author, alts={})
    for name, kind in (("picture", "image/png"), ("small-picture", "image/jpeg")):
        address = reverse(f"publishing:{name}", args=[picture.pk])
        answer = signed_in("auditor@top").get(address)
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"].startswith("private")
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        for close in answer._resource_closers:  # type: ignore[attr-defined]
            close()
        assert signed_in("head@sister").get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_a_picture_of_another_draft_is_not_changed_from_here(press: Press, signed_in: SignedIn) -> None:
    one, two = press.write(), press.write()
    picture = pictures.add(two, photo(), by=two.author, alts={})
    address = reverse("publishing:remove-picture", args=[one.pk, picture.pk])
    assert signed_in("officer@own").post(address).status_code == 404
    assert Picture.objects.exists()
