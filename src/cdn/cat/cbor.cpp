#include "cdn/cat/cbor.hpp"

#include <limits>

#include <streamforge/crypto/hash.hpp>

namespace streamforge::cdn::cbor {
namespace {

constexpr std::size_t max_bytes = 4096;
constexpr int max_depth = 8;

struct Head {
    unsigned major = 0;
    unsigned info = 0;
    std::uint64_t value = 0;
};

class Reader {
public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    std::optional<Item> item(int depth) {
        const auto head = read_head();
        if (!head || depth > max_depth) return std::nullopt;
        switch (head->major) {
            case 0: return number(Kind::unsigned_integer, head->value);
            case 1: return number(Kind::negative_integer, head->value);
            case 2: return string(Kind::bytes, head->value);
            case 3: return string(Kind::text, head->value);
            case 4: return group(Kind::array, head->value, 1, depth);
            case 5: return map(head->value, depth);
            case 6: return tag(head->value, depth);
            default: return simple(*head);
        }
    }

private:
    static Item number(Kind kind, std::uint64_t value) {
        Item item;
        item.kind = kind;
        item.number = value;
        return item;
    }

    std::optional<Head> read_head() {
        if (rest_.empty()) return std::nullopt;
        Head head;
        head.major = rest_[0] >> 5U;
        head.info = rest_[0] & 31U;
        rest_ = rest_.subspan(1);
        if (head.info < 24) {
            head.value = head.info;
            return head;
        }
        if (head.info > 27) return std::nullopt;  // reserved, or an indefinite length
        const std::size_t size = std::size_t{1} << (head.info - 24);
        if (rest_.size() < size) return std::nullopt;
        for (std::size_t i = 0; i < size; ++i) head.value = head.value << 8U | rest_[i];
        rest_ = rest_.subspan(size);
        const std::uint64_t least = size == 1 ? 24 : std::uint64_t{1} << (size * 4);
        if (head.major != 7 && head.value < least) return std::nullopt;  // not the shortest form
        return head;
    }

    std::optional<Item> string(Kind kind, std::uint64_t size) {
        if (size > rest_.size()) return std::nullopt;
        Item item;
        item.kind = kind;
        item.data.assign(reinterpret_cast<const char*>(rest_.data()), static_cast<std::size_t>(size));
        rest_ = rest_.subspan(static_cast<std::size_t>(size));
        return item;
    }

    std::optional<Item> group(Kind kind, std::uint64_t count, std::uint64_t per_entry, int depth) {
        if (count > rest_.size() / per_entry) return std::nullopt;  // every item has at least one byte
        Item item;
        item.kind = kind;
        for (std::uint64_t i = 0; i < count * per_entry; ++i) {
            auto element = this->item(depth + 1);
            if (!element) return std::nullopt;
            item.items.push_back(*std::move(element));
        }
        return item;
    }

    std::optional<Item> map(std::uint64_t pairs, int depth) {
        auto item = group(Kind::map, pairs, 2, depth);
        if (!item) return std::nullopt;
        for (std::size_t i = 0; i < item->items.size(); i += 2) {
            const Item& key = item->items[i];
            if (!key.integer() && !key.is(Kind::text)) return std::nullopt;
            for (std::size_t j = 0; j < i; j += 2) {
                const Item& other = item->items[j];
                if (other.kind == key.kind && other.number == key.number && other.data == key.data) return std::nullopt;
            }
        }
        return item;
    }

    std::optional<Item> tag(std::uint64_t value, int depth) {
        auto inner = this->item(depth + 1);
        if (!inner) return std::nullopt;
        Item item = number(Kind::tag, value);
        item.items.push_back(*std::move(inner));
        return item;
    }

    static std::optional<Item> simple(const Head& head) {
        if (head.info == 20 || head.info == 21) return number(Kind::boolean, head.info - 20);
        if (head.info == 22) return number(Kind::null, 0);
        return std::nullopt;  // floating point and unassigned values have no place in tokens
    }

    ByteView rest_;
};

void append_head(Bytes& out, unsigned major, std::uint64_t value) {
    const auto first = static_cast<std::uint8_t>(major << 5U);
    if (value < 24) {
        out.push_back(static_cast<std::uint8_t>(first | value));
        return;
    }
    const unsigned log = value <= 0xff ? 0 : value <= 0xffff ? 1 : value <= 0xffffffffU ? 2 : 3;
    out.push_back(static_cast<std::uint8_t>(first | (24 + log)));
    for (int shift = (8 << log) - 8; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

std::optional<std::int64_t> Item::integer() const noexcept {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    if (kind == Kind::unsigned_integer) return static_cast<std::int64_t>(number);
    if (kind == Kind::negative_integer) return -1 - static_cast<std::int64_t>(number);
    return std::nullopt;
}

const Item* Item::find(std::int64_t key) const noexcept {
    if (kind != Kind::map) return nullptr;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        if (items[i].integer() == key) return &items[i + 1];
    }
    return nullptr;
}

std::optional<Item> decode(ByteView bytes) {
    if (bytes.size() > max_bytes) return std::nullopt;
    Reader reader(bytes);
    auto item = reader.item(0);
    if (!reader.at_end()) return std::nullopt;
    return item;
}

void append_unsigned(Bytes& out, std::uint64_t value) { append_head(out, 0, value); }
void append_integer(Bytes& out, std::int64_t value) {
    if (value >= 0) return append_head(out, 0, static_cast<std::uint64_t>(value));
    append_head(out, 1, static_cast<std::uint64_t>(-1 - value));
}
void append_bytes(Bytes& out, ByteView bytes) {
    append_head(out, 2, bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
}
void append_text(Bytes& out, std::string_view text) {
    append_head(out, 3, text.size());
    const ByteView bytes = crypto::bytes_of(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
}
void append_array(Bytes& out, std::uint64_t size) { append_head(out, 4, size); }
void append_map(Bytes& out, std::uint64_t pairs) { append_head(out, 5, pairs); }
void append_tag(Bytes& out, std::uint64_t tag) { append_head(out, 6, tag); }

}  // namespace streamforge::cdn::cbor
