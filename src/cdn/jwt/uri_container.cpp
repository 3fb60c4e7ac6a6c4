#include "cdn/jwt/uri_container.hpp"

namespace streamforge::cdn::uri_signing {
namespace {

constexpr std::string_view head = "regex:^";
constexpr std::string_view special = ".*+?()[]{}|^$\\";
constexpr std::size_t max_pieces = 32;

}  // namespace

UriContainer UriContainer::of(std::string_view text, bool wildcards) {
    UriContainer container;
    container.pieces_.emplace_back();
    for (const char character : text) {
        if (wildcards && character == '*') {
            container.pieces_.emplace_back();
        } else {
            container.pieces_.back().push_back(character);
        }
    }
    return container;
}

std::optional<UriContainer> UriContainer::parse(std::string_view claim) {
    if (!claim.starts_with(head) || !claim.ends_with('$')) return std::nullopt;
    std::string_view rest = claim.substr(head.size(), claim.size() - head.size() - 1);
    UriContainer container;
    container.pieces_.emplace_back();
    while (!rest.empty()) {
        const char character = rest.front();
        rest.remove_prefix(1);
        if (special.find(character) == std::string_view::npos) {
            container.pieces_.back().push_back(character);
        } else if (character == '.' && rest.starts_with('*') && container.pieces_.size() < max_pieces) {
            rest.remove_prefix(1);
            container.pieces_.emplace_back();
        } else if (character == '\\' && !rest.empty() && special.find(rest.front()) != std::string_view::npos) {
            container.pieces_.back().push_back(rest.front());
            rest.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    return container;
}

std::string UriContainer::claim() const {
    std::string text(head);
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        if (i > 0) text += ".*";
        for (const char character : pieces_[i]) {
            if (special.find(character) != std::string_view::npos) text.push_back('\\');
            text.push_back(character);
        }
    }
    return text + "$";
}

bool UriContainer::matches(std::string_view url) const noexcept {
    if (is_exact()) return url == pieces_.front();
    const std::string& first = pieces_.front();
    const std::string& last = pieces_.back();
    if (url.size() < first.size() + last.size() || !url.starts_with(first) || !url.ends_with(last)) return false;
    std::string_view rest = url.substr(first.size(), url.size() - first.size() - last.size());
    // The leftmost place of each piece leaves the most for those behind it.
    for (std::size_t i = 1; i + 1 < pieces_.size(); ++i) {
        const std::size_t found = rest.find(pieces_[i]);
        if (found == std::string_view::npos) return false;
        rest.remove_prefix(found + pieces_[i].size());
    }
    return true;
}

std::optional<std::string> UriContainer::prefix() const {
    if (pieces_.size() != 2 || !pieces_.back().empty() || !pieces_.front().ends_with('/')) return std::nullopt;
    return pieces_.front();
}

std::string UriContainer::pattern() const {
    std::string text;
    for (std::size_t i = 0; i < pieces_.size(); ++i) text += (i > 0 ? "*" : "") + pieces_[i];
    return text;
}

}  // namespace streamforge::cdn::uri_signing
