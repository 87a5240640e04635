"""Tiles: paths, shapes and hashes as the specification wants them, however the tree grew."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.errors import InputError
from truceline.ledger.tiles import (
    TileShape,
    TileTree,
    decode_entries,
    encode_entries,
    entries_path,
    node_reader,
    parse_tile_path,
    root_from_tiles,
    row_shapes,
    split_hashes,
    tile_path,
    tile_shapes,
)
from truceline.ledger.tree import (
    EMPTY_ROOT,
    MemoryTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)

HASHES = [leaf_hash(b"%d" % n) for n in range(66_500)]


def grown(*sizes: int) -> tuple[TileTree, dict[tuple[int, int], bytes]]:
    """A tree grown in batches of the given sizes, and its tiles as a store would keep them."""
    tree, kept = TileTree(), {}
    for size in sizes:
        tree, tiles = tree.grow(HASHES[tree.size : tree.size + size])
        kept.update({(tile.level, tile.index): tile.hashes for tile in tiles})
    return tree, kept


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        (TileShape(0, 0, 256), "tile/0/000"),
        (TileShape(0, 0, 1), "tile/0/000.p/1"),
        (TileShape(0, 999, 256), "tile/0/999"),
        (TileShape(0, 1000, 256), "tile/0/x001/000"),
        (TileShape(0, 1001, 256), "tile/0/x001/001"),
        (TileShape(0, 999_999, 256), "tile/0/x999/999"),
        (TileShape(0, 1_000_000, 256), "tile/0/x001/x000/000"),
        (TileShape(0, 1_001_001, 2), "tile/0/x001/x001/001.p/2"),
        (TileShape(1, 1_234_067, 256), "tile/1/x001/x234/067"),
        (TileShape(63, 1000, 255), "tile/63/x001/000.p/255"),
    ],
)
def test_tiles_lie_where_the_specification_puts_them(shape: TileShape, path: str) -> None:
    assert tile_path(shape) == path
    assert parse_tile_path(path) == shape
    assert entries_path(shape.index, shape.width) == path.replace(f"tile/{shape.level}/", "tile/entries/")


def test_a_tree_of_70000_has_the_tiles_of_the_specifications_example() -> None:
    shapes = list(tile_shapes(70_000))
    assert len([shape for shape in shapes if shape.level == 0]) == 274
    assert shapes[273] == TileShape(0, 273, 112)
    assert shapes[274:] == [TileShape(1, 0, 256), TileShape(1, 1, 17), TileShape(2, 0, 1)]
    assert list(tile_shapes(256)) == [TileShape(0, 0, 256), TileShape(1, 0, 1)]
    assert list(tile_shapes(0)) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 600), max_size=4))
def test_however_the_batches_are_cut_the_tiles_are_the_same(sizes: list[int]) -> None:
    tree, kept = grown(*sizes)
    once, at_once = grown(sum(sizes))
    assert kept == at_once
    memory = MemoryTree(HASHES[: tree.size])
    assert tree.root() == once.root() == memory.root()
    assert {(shape.level, shape.index): shape.width * 32 for shape in tile_shapes(tree.size)} == {
        place: len(hashes) for place, hashes in kept.items()
    }
    loaded = TileTree.load(lambda level, index: kept[level, index], tree.size)
    assert loaded.root() == tree.root()


def test_a_tree_of_three_levels_gives_roots_and_proofs_out_of_its_tiles() -> None:
    tree, kept = grown(65_535, 2, 900)
    assert kept[2, 0] == kept[1, 0][:0] + MemoryTree(HASHES[:65_536]).root()

    def read(level: int, index: int) -> bytes:
        return kept[level, index]

    memory = MemoryTree(HASHES[: tree.size])
    assert tree.root() == memory.root()
    node = node_reader(read)
    for size in (1, 255, 256, 257, 65_536, 65_537, tree.size):
        assert root_from_tiles(read, size) == memory.root(size)
        index = size // 2
        proof = inclusion_proof(node, index, size)
        assert proof == inclusion_proof(memory.node, index, size)
        assert verify_inclusion(HASHES[index], index, size, proof, memory.root(size))
        steps = consistency_proof(node, size, tree.size)
        assert verify_consistency(size, tree.size, memory.root(size), tree.root(), steps)
    assert root_from_tiles(read, 0) == EMPTY_ROOT


def test_only_tiles_that_changed_are_written_again() -> None:
    tree, _ = grown(600)
    same, tiles = tree.grow([])
    assert (same.size, tiles) == (600, [])
    longer, tiles = tree.grow(HASHES[600:601])
    assert [(tile.level, tile.index) for tile in tiles] == [(0, 2)]
    assert tree.size == 600
    assert longer.size == 601


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_come_back_out_of_their_bundle(entries: list[bytes]) -> None:
    data = encode_entries(entries)
    assert decode_entries(data) == (entries, True)
    if entries:
        assert decode_entries(data[:-1]) == (entries[:-1], False) or not entries[-1]
    assert decode_entries(data + b"\x00") == (entries, False)


def test_an_entry_longer_than_its_length_field_is_refused() -> None:
    assert len(encode_entries([b"x" * 65_535])) == 65_537
    with pytest.raises(InputError):
        encode_entries([b"x" * 65_536])


def test_entry_bundles_have_the_shapes_of_level_0() -> None:
    assert list(row_shapes(300)) == [TileShape(0, 0, 256), TileShape(0, 1, 44)]


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("tile/0/000", TileShape(0, 0, 256)),
        ("tile/1/x001/234.p/7", TileShape(1, 1234, 7)),
        ("tile/0/x001/x234/567", TileShape(0, 1_234_567, 256)),
        ("tile/entries/000", None),
        ("tile/0/1", None),
        ("tile/0/x000/234", None),
        ("tile/0/000.p/256", None),
        ("tile/0/000.p/0", None),
        ("tile/00/000", None),
        ("tile/0/000/", None),
    ],
)
def test_a_tiles_place_is_read_out_of_its_path_and_out_of_no_other(
    path: str, shape: TileShape | None
) -> None:
    assert parse_tile_path(path) == shape


def test_a_tile_is_cut_into_hashes_and_a_remainder_is_left_off() -> None:
    one, two = HASHES[:2]
    assert split_hashes(b"") == split_hashes(one[:31]) == []
    assert split_hashes(one) == split_hashes(one + two[:31]) == [one]
    assert split_hashes(one + two) == split_hashes(one + two + b"x") == [one, two]


def test_a_row_that_ends_on_a_whole_tile_leaves_no_empty_one() -> None:
    tree, kept = grown(256)
    assert {place: len(hashes) for place, hashes in kept.items()} == {(0, 0): 8192, (1, 0): 32}
    longer, tiles = tree.grow(HASHES[256:512])
    assert [(tile.level, tile.index, len(tile.hashes)) for tile in tiles] == [(0, 1, 8192), (1, 0, 64)]
    assert longer.root() == MemoryTree(HASHES[:512]).root()
    assert list(row_shapes(512)) == [TileShape(0, 0, 256), TileShape(0, 1, 256)]
    assert list(row_shapes(512, 1)) == [TileShape(1, 0, 2)]
    assert list(row_shapes(0)) == []


def test_tiles_are_told_by_level_and_index() -> None:
    tree, _ = grown(65_535)
    longer, tiles = tree.grow(HASHES[65_535:65_537])
    assert [(tile.level, tile.index) for tile in tiles] == [(0, 255), (0, 256), (1, 0), (2, 0)]
    assert tiles[-1].hashes == MemoryTree(HASHES[:65_536]).root()
    assert longer.root() == MemoryTree(HASHES[:65_537]).root()
    assert tree.size == 65_535


def test_a_tree_is_taken_up_with_longer_tiles_than_it_had() -> None:
    _, kept = grown(300)
    asked: list[tuple[int, int]] = []

    def read(level: int, index: int) -> bytes:
        asked.append((level, index))
        return kept[level, index]

    loaded = TileTree.load(read, 258)
    assert (loaded.size, loaded.root()) == (258, MemoryTree(HASHES[:258]).root())
    assert asked == [(0, 1), (1, 0)]
    onward, tiles = loaded.grow(HASHES[258:300])
    assert onward.root() == MemoryTree(HASHES[:300]).root()
    assert [(tile.level, tile.index, tile.hashes == kept[0, 1]) for tile in tiles] == [(0, 1, True)]
    asked.clear()
    assert TileTree.load(read, 256).root() == MemoryTree(HASHES[:256]).root()
    assert asked == [(1, 0)]
    assert TileTree.load(read, 0).root() == TileTree().root() == EMPTY_ROOT


def test_an_entry_cut_short_ends_the_bundle() -> None:
    for data, entries, is_all in (
        (b"", [], True),
        (b"\x00", [], False),
        (b"\x00\x00", [b""], True),
        (b"\x00\x01", [], False),
        (b"\x00\x01a", [b"a"], True),
        (b"\x00\x01a\x00\x02b", [b"a"], False),
        (b"\x00\x01a\x00\x02bc\x00\x00", [b"a", b"bc", b""], True),
        (b"\x01\x00" + b"a" * 256, [b"a" * 256], True),
        (b"\x01\x00" + b"a" * 255, [], False),
    ):
        assert decode_entries(data) == (entries, is_all)
