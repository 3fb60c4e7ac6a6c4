#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/bytes.hpp>

namespace streamforge::cdn::cbor {

/// RFC 8949 major types, with the simple values that tokens use.
enum class Kind : std::uint8_t { unsigned_integer, negative_integer, bytes, text, array, map, tag, boolean, null };

/// One data item. Maps hold keys and values in turn.
struct Item {
    Kind kind = Kind::null;
    std::uint64_t number = 0;  ///< The integer (−1 − number when negative), the tag, or 0 and 1 of a boolean.
    std::string data;          ///< Of bytes and text.
    std::vector<Item> items;   ///< Of arrays and maps; one of a tag.

    [[nodiscard]] bool is(Kind wanted) const noexcept { return kind == wanted; }
    /// The integer, when it fits.
    [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;
    /// The value of an integer key of a map. Null: none.
    [[nodiscard]] const Item* find(std::int64_t key) const noexcept;
};

/// Exactly one item in its shortest form: definite lengths, at most 4 KiB and 8 levels, no key twice. Nothing otherwise.
[[nodiscard]] std::optional<Item> decode(ByteView bytes);

// Writing: each appends one head or item.
void append_unsigned(Bytes& out, std::uint64_t value);
void append_integer(Bytes& out, std::int64_t value);
void append_bytes(Bytes& out, ByteView bytes);
void append_text(Bytes& out, std::string_view text);
void append_array(Bytes& out, std::uint64_t size);
void append_map(Bytes& out, std::uint64_t pairs);
void append_tag(Bytes& out, std::uint64_t tag);

}  // namespace streamforge::cdn::cbor
