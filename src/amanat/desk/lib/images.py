"""Pictures that may be shown: known by their content, turned upright, and written anew without anything hidden."""

from __future__ import annotations

import io
import struct
import warnings
from contextlib import suppress
from typing import NamedTuple

from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps

from amanat.desk.lib import files
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Refused

LIMIT = 10 * files.MEGABYTE
PIXELS = 40_000_000
"""Pixels of the largest picture that is opened: a small file can unfold to fill the memory."""
KINDS = (files.JPEG, files.PNG, files.WEBP)
"""What a picture is kept as."""
_FORMATS = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP", "GIF": "PNG"}
"""What each format is written as. A picture that moves is refused, so GIF has nothing over PNG."""
_LARGEST = (2048, 2048)
"""Pixels of what is kept: no platform shows more, and so most photographs fit where the least is taken (1 MB)."""
_THUMBNAIL = (480, 480)
_DAMAGE = (OSError, ValueError, SyntaxError, KeyError, TypeError, struct.error, Image.DecompressionBombError)
"""What Pillow raises for files that are not what they say."""


class Clean(NamedTuple):
    """A picture that is safe to keep, and a small JPEG of it."""

    file: File[bytes]
    small: bytes
    width: int
    height: int


def clean(upload: File[bytes]) -> Clean:
    """The picture of `upload`, upright, as large as it is shown, without EXIF, XMP or profiles. Raises Refused."""
    if not upload.size:
        raise Refused(_("The file is empty."))
    if upload.size > LIMIT:
        raise Refused(_("The picture is too large: at most {size} MB.").format(size=local(LIMIT // files.MEGABYTE)))
    upload.seek(0)
    picture, kind = _opened(upload.read())
    written = io.BytesIO()
    try:
        _bare(picture, kind).save(written, kind, **_HOW[kind])
    except _DAMAGE as error:
        raise Refused(_("This picture is damaged: it cannot be read to its end.")) from error
    data = written.getvalue()
    if len(data) > LIMIT:
        raise Refused(_("The picture is too large: at most {size} MB.").format(size=local(LIMIT // files.MEGABYTE)))
    with Image.open(io.BytesIO(data)) as again:
        width, height = again.size
        small = _small(again)
    return Clean(ContentFile(data, name=f"picture.{kind.lower()}"), small, width, height)


def _small(picture: Image.Image) -> bytes:
    small = picture.convert("RGBA")
    small.thumbnail(_THUMBNAIL)
    ground = Image.new("RGB", small.size, "white")
    ground.paste(small, mask=small.getchannel("A"))
    written = io.BytesIO()
    ground.save(written, "JPEG", quality=80)
    return written.getvalue()


_HOW: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 82, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 82},
}


def _opened(data: bytes) -> tuple[Image.Image, str]:
    """The picture, fully read, and what it is to be written as."""
    unknown = Refused(_("This is not a picture of a known kind, whatever its name says. Known: JPEG, PNG, WebP, GIF."))
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # the maker of letters lets half a picture pass, for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is stricter
            picture = Image.open(io.BytesIO(data), formats=list(_FORMATS))
    except _DAMAGE as error:
        raise unknown from error
    if picture.width * picture.height > PIXELS:
        words = _("The picture has too many pixels: at most {number} million.")
        raise Refused(words.format(number=local(PIXELS // 1_000_000)))
    if picture.format == "MPO":  # a JPEG of a telephone, with a second picture behind the first
        return picture, "JPEG"
    if getattr(picture, "n_frames", 1) > 1:
        raise Refused(_("This picture moves. Choose one that stands still: moving pictures are hard on many readers."))
    return picture, _FORMATS[picture.format or ""]


def _bare(picture: Image.Image, kind: str) -> Image.Image:
    """The pixels alone, upright, in a mode that the format knows. Colours of a profile become those of sRGB."""
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    has_alpha = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if has_alpha and kind != "JPEG" else "L" if upright.mode in ("1", "L", "I;16") else "RGB"
    plain = upright.convert(mode)
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    bare.thumbnail(_LARGEST)
    return bare


def _in_srgb(picture: Image.Image) -> Image.Image:
    if (profile := picture.info.get("icc_profile")) and picture.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError):  # a broken profile is no reason to refuse the picture
            source, plain = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, plain, outputMode="RGB") or picture
    return picture
