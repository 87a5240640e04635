"""An encoding is found by strict decoding and letters; what is broken is said to be broken."""

from __future__ import annotations

import pytest

from truceline.adapters.files.encodings import decode_text
from truceline.core.errors import InputError

AR = "فتحت القوات الممر صباح اليوم ولم تسجل أي خرق لوقف إطلاق النار في المنطقة، وقال المتحدث إن النقاط التسع تعمل."
RU = "Миротворцы открыли ещё один пост на дороге, сообщило министерство. Обстановка спокойная."
TR = "Gözlemciler koridorda yeni bir noktayı açtı, Karabağ'da nöbet sürüyor, çatışma yaşanmadı."
EN = "The road was open, the centre said: “no shots”—not one—were counted on Monday."


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (AR, "utf-8", "utf-8"),
        (AR, "utf-16-le", "utf-16-le"),
        (AR, "utf-16-be", "utf-16-be"),
        (AR, "cp1256", "cp1256"),
        ("قال المتحدث إن الوضع هادئ", "cp1256", "cp1256"),
        (RU, "cp1251", "cp1251"),
        (RU.upper()[:1] + RU[1:], "utf-16-le", "utf-16-le"),
        ("В мире спокойно", "cp1251", "cp1251"),
        (TR, "cp1254", "cp1254"),
        (EN, "cp1252", "cp1252"),
        (EN, "utf-16-le", "utf-16-le"),
        ("A short line from the café", "cp1252", "cp1252"),
        ("plain words", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found(text: str, written: str, found: str) -> None:
    decoded = decode_text(text.encode(written))
    assert (decoded.text, decoded.encoding) == (text, found)


def test_utf_16_with_its_mark_is_found() -> None:
    decoded = decode_text(AR.encode("utf-16"))
    assert (decoded.text, decoded.encoding) == (AR, "utf-16-le")


def test_a_utf_8_mark_stays_so_that_offsets_are_those_of_the_file() -> None:
    data = ("\ufeff" + AR).encode()
    assert decode_text(data).text == data.decode("utf-8")


def test_newlines_are_untouched() -> None:
    assert decode_text(b"one\r\ntwo\rthree\n").text == "one\r\ntwo\rthree\n"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bytes(range(256)) * 8, "input.binary"),
        (b"\x00\x01\x02\x03" * 500, "input.binary"),
        (b"\x01\x02\x03 text \x04\x05" * 50, "input.binary"),
        (AR.encode()[:-8], "input.truncated"),
        (AR.encode("utf-16")[:-1], "input.truncated"),
        (AR.encode().decode("cp1252", "replace").encode(), "input.encoding"),
        (AR.encode().decode("latin-1").encode(), "input.encoding"),
        ((AR[:40] + "\ufffd" * 9 + AR[40:]).encode(), "input.encoding"),
        (AR.encode()[:50] + b"\xff\xfe\x81" + AR.encode()[50:], "input.encoding"),
        (RU.encode("koi8-r"), "input.encoding"),
    ],
)
def test_what_is_broken_is_refused_with_its_code(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_text(data)
    assert caught.value.code == code
    assert caught.value.todo
