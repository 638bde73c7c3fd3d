"""Bodies are read within limits: so many bytes once decompressed, and no longer than a call may take."""

import gzip
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.calls import limits
from providers.calls.attempt import attempting
from providers.calls.body import read_body
from providers.calls.reply import AnswerError, DeadlineError
from tests.unit.providers.fake_clock import FakeClock

GZIP = {"Content-Encoding": "gzip"}


class Wire:
    """A connection that brings pieces; ``read`` counts the bytes that were asked of it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.read = 0
        self.closed = False

    def read1(self, amt: int, decode_content: bool) -> bytes:
        assert not decode_content
        piece = next(self._pieces, b"")
        self.read += len(piece)
        return piece

    def close(self) -> None:
        self.closed = True


def split(content: bytes, size: int) -> Iterator[bytes]:
    return (content[at : at + size] for at in range(0, len(content), size))


def endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


@given(st.binary(max_size=3000), st.integers(1, 500), st.sampled_from(["", "gzip", "x-gzip", "deflate", "Identity"]))
def test_a_body_is_what_was_sent_however_it_is_packed(content: bytes, size: int, encoding: str) -> None:
    packed = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress}.get(encoding, bytes)(content)  # type: ignore[dict-item]
    assert read_body(Wire(split(packed, size)), {"Content-Encoding": encoding}) == content


@given(st.lists(st.binary(max_size=200_000), min_size=1, max_size=3), st.integers(1, 70_000))
def test_gzip_of_several_members_is_one_body(contents: list[bytes], size: int) -> None:
    packed = b"".join(gzip.compress(content) for content in contents)
    assert read_body(Wire(split(packed, size)), GZIP) == b"".join(contents)


def test_s4_an_endless_body_is_left_at_the_limit() -> None:
    wire = Wire(endless(b"x" * 65_536))
    with pytest.raises(AnswerError, match="The answer is longer than 64 MiB"):
        read_body(wire, {})
    assert limits.MAX_BYTES < wire.read <= limits.MAX_BYTES + 65_536
    assert wire.closed


def test_s4_a_bomb_is_left_at_the_limit_and_never_unpacked_whole() -> None:
    member = gzip.compress(b"\0" * 50_000_000)
    bomb = b"".join([member] * 100)
    wire = Wire(split(bomb, 65_536))
    with pytest.raises(AnswerError, match="longer than 64 MiB") as refused:
        read_body(wire, GZIP)
    assert refused.value.final, "asking again would cost as much"
    assert wire.read < len(bomb) / 20
    assert wire.closed


def test_s4_a_compressed_body_that_never_says_anything_ends_too() -> None:
    silence = zlib.compressobj(wbits=31)
    start = silence.compress(b"") + silence.flush(zlib.Z_SYNC_FLUSH)
    nothing = b"\0\0\0\xff\xff" * 13_000  # empty stored blocks
    wire = Wire(iter([start, *[nothing] * 2000]))
    with pytest.raises(AnswerError, match="longer than 64 MiB"):
        read_body(wire, GZIP)


@pytest.mark.parametrize(
    ("encoding", "content", "said"),
    [
        ("gzip", b"no gzip at all", "The answer cannot be decompressed."),
        ("gzip", gzip.compress(b"whole", mtime=0)[:-9], "The answer broke off before its end."),
        ("gzip", gzip.compress(b"whole", mtime=0) + b"junk", "The answer cannot be decompressed."),
        ("br", b"", "The answer is compressed in a way that was not asked for."),
        ("gzip, gzip", b"", "The answer is compressed in a way that was not asked for."),
        ("zstd", b"", "The answer is compressed in a way that was not asked for."),
    ],
)
def test_s3_a_packing_that_cannot_be_undone_is_a_sentence(encoding: str, content: bytes, said: str) -> None:
    wire = Wire(split(content, 7))
    with pytest.raises(AnswerError) as refused:
        read_body(wire, {"Content-Encoding": encoding})
    assert str(refused.value) == said
    assert wire.closed


def test_zeros_may_pad_gzip() -> None:
    assert read_body(Wire(split(gzip.compress(b"a") + b"\0" * 99, 5)), GZIP) == b"a"


def test_s18_a_byte_now_and_then_is_left_at_the_deadline() -> None:
    clock = FakeClock()

    def drip() -> Iterator[bytes]:
        while True:
            clock.advance(1.0)
            yield b"x"

    wire = Wire(drip())
    with attempting(30.0, clock), pytest.raises(DeadlineError, match="no whole answer within 30 seconds"):
        read_body(wire, {})
    assert wire.read == 31
    assert wire.closed


def test_s4_few_large_bodies_are_held_at_once() -> None:
    """Those that come later wait for room, and the end of a try makes room, however it ends."""
    large = limits.LARGE_BYTES + 1
    for _ in range(3 * limits.LARGE_AT_ONCE):
        with attempting(30.0):
            assert len(read_body(Wire(split(b"x" * large, 65_536)), {})) == large
    opened = [attempting(30.0) for _ in range(limits.LARGE_AT_ONCE)]
    for one in opened:
        one.__enter__()
        read_body(Wire(split(b"x" * large, 65_536)), {})
        held = one
    with attempting(0.01), pytest.raises(DeadlineError):
        read_body(Wire(split(b"x" * large, 65_536)), {})
    for one in reversed(opened):
        one.__exit__(None, None, None)
    assert held is opened[-1]
