#include "crypto/flat_json.hpp"

#include <algorithm>

namespace streamforge::crypto {
namespace {

constexpr int max_depth = 16;

/// A cursor over JSON text; every step says whether it went well.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    void skip_space() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }
    bool take(char expected) {
        skip_space();
        if (at_ >= text_.size() || text_[at_] != expected) return false;
        ++at_;
        return true;
    }
    bool at_end() {
        skip_space();
        return at_ == text_.size();
    }
    /// The value's text as it stands.
    std::optional<std::string_view> value(int depth) {
        skip_space();
        const std::size_t begin = at_;
        if (!skip_value(depth)) return std::nullopt;
        return text_.substr(begin, at_ - begin);
    }
    std::optional<std::string_view> quoted() {
        skip_space();
        const std::size_t begin = at_;
        if (!skip_string()) return std::nullopt;
        return text_.substr(begin, at_ - begin);
    }

private:
    bool skip_value(int depth) {
        if (depth > max_depth || at_ >= text_.size()) return false;
        switch (text_[at_]) {
            case '"': return skip_string();
            case '{': return skip_group('{', '}', depth);
            case '[': return skip_group('[', ']', depth);
            case 't': return skip_word("true");
            case 'f': return skip_word("false");
            case 'n': return skip_word("null");
            default: return skip_number();
        }
    }
    bool skip_group(char open, char close, int depth) {
        if (!take(open)) return false;
        if (take(close)) return true;
        do {
            if (open == '{' && (!quoted() || !take(':'))) return false;
            if (!value(depth + 1)) return false;
        } while (take(','));
        return take(close);
    }
    bool skip_word(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    bool skip_digits() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        return at_ > begin;
    }
    bool skip_number() {
        if (peek() == '-') ++at_;
        const bool leading_zero = peek() == '0';
        const std::size_t begin = at_;
        if (!skip_digits() || (leading_zero && at_ - begin > 1)) return false;
        if (peek() == '.') {
            ++at_;
            if (!skip_digits()) return false;
        }
        if (peek() == 'e' || peek() == 'E') {
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            if (!skip_digits()) return false;
        }
        return true;
    }
    bool skip_string() {
        if (peek() != '"') return false;
        for (++at_; at_ < text_.size(); ++at_) {
            const char character = text_[at_];
            if (static_cast<unsigned char>(character) < 0x20) return false;
            if (character == '"') {
                ++at_;
                return true;
            }
            if (character == '\\' && !skip_escape()) return false;
        }
        return false;
    }
    /// Leaves the cursor on the escape's last character.
    bool skip_escape() {
        ++at_;
        if (at_ >= text_.size()) return false;
        if (text_[at_] != 'u') return std::string_view("\"\\/bfnrt").find(text_[at_]) != std::string_view::npos;
        if (text_.size() - at_ < 5) return false;
        const std::string_view digits = text_.substr(at_ + 1, 4);
        at_ += 4;
        return digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    std::string_view text_;
    std::size_t at_ = 0;
};

Error malformed() { return make_error(Errc::malformed, "crypto.json", "not a JSON object"); }

std::string_view unquoted(std::string_view text) { return text.substr(1, text.size() - 2); }

}  // namespace

Result<FlatJson> FlatJson::parse(std::string_view text) {
    FlatJson json;
    Scanner scanner(text);
    if (!scanner.take('{')) return malformed();
    if (!scanner.take('}')) {
        do {
            const auto name = scanner.quoted();
            if (!name || !scanner.take(':')) return malformed();
            const auto value = scanner.value(1);
            if (!value || json.find_member(unquoted(*name))) return malformed();
            json.members_.emplace_back(unquoted(*name), *value);
        } while (scanner.take(','));
        if (!scanner.take('}')) return malformed();
    }
    if (!scanner.at_end()) return malformed();
    return json;
}

std::optional<std::string_view> FlatJson::find_member(std::string_view name) const {
    const auto found = std::ranges::find(members_, name, &std::pair<std::string_view, std::string_view>::first);
    if (found == members_.end()) return std::nullopt;
    return found->second;
}

std::optional<std::string_view> FlatJson::find_string(std::string_view name) const {
    const auto value = find_member(name);
    if (!value || value->front() != '"' || value->find('\\') != std::string_view::npos) return std::nullopt;
    return unquoted(*value);
}

}  // namespace streamforge::crypto
