#include <streamforge/storage/publish_tree.hpp>

#include <algorithm>
#include <array>
#include <set>

#include <streamforge/storage/key.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

Error bad_prefix(std::string_view message) { return make_error(Errc::invalid_argument, "storage.publish_tree", std::string(message)); }

Result<void> validate_prefixes(std::string_view staging, std::string_view target) {
    for (const auto prefix : {staging, target}) {
        if (!prefix.ends_with('/')) return bad_prefix("both prefixes must end with '/'").with("prefix", std::string(prefix));
        SF_TRY(validate_key(prefix.substr(0, prefix.size() - 1)));
    }
    if (staging.starts_with(target) || target.starts_with(staging)) return bad_prefix("one prefix lies inside the other");
    return {};
}

/// What refers to others comes after them, so that no reader finds a playlist whose segments are not there yet.
int rank_of(std::string_view name) {
    const bool top_level = name.find('/') == std::string_view::npos;
    if (name.ends_with(".mpd") || (top_level && name.ends_with(".m3u8"))) return 2;
    return name.ends_with(".m3u8") ? 1 : 0;
}

Result<void> remove_all(ObjectStore& store, const std::vector<std::string>& keys, const std::stop_token& stop) {
    constexpr std::size_t batch = 1000;  // what S3 takes in one request
    for (std::size_t at = 0; at < keys.size(); at += batch) {
        const auto slice = std::span(keys).subspan(at, std::min(batch, keys.size() - at));
        SF_ASSIGN(auto report, store.remove(slice, stop));
        if (!report.failed.empty()) return std::move(report.failed.front().second);
    }
    return {};
}

/// For stores without a swap: copy, media first; then drop what only the old tree had, and the staging tree.
Result<void> publish_by_copy(ObjectStore& store, std::string_view staging, std::string_view target, const std::stop_token& stop) {
    SF_ASSIGN(auto staged, store.list_all(staging, stop));
    if (staged.empty()) {
        return make_error(Errc::not_found, "storage.publish_tree", "nothing is staged").with("prefix", std::string(staging));
    }
    SF_ASSIGN(const auto before, store.list_all(target, stop));
    std::stable_sort(staged.begin(), staged.end(), [&](const ObjectInfo& a, const ObjectInfo& b) {
        return rank_of(std::string_view(a.key).substr(staging.size())) < rank_of(std::string_view(b.key).substr(staging.size()));
    });
    std::set<std::string> published;
    std::vector<std::string> obsolete;
    for (const auto& object : staged) {
        auto key = std::string(target) + object.key.substr(staging.size());
        SF_TRY(store.copy(object.key, key, {}, stop));
        published.insert(std::move(key));
        obsolete.push_back(object.key);
    }
    for (const auto& object : before) {
        if (!published.contains(object.key)) obsolete.push_back(object.key);
    }
    return remove_all(store, obsolete, stop);
}

}  // namespace

TreePublisher::~TreePublisher() = default;

Result<void> TreePublisher::do_remove_tree(const std::string&, std::stop_token) {
    return make_error(Errc::unsupported, "storage.remove_tree", "the store removes trees object by object");
}

std::string staging_prefix_of(std::string_view final_prefix) {
    if (final_prefix.ends_with('/')) final_prefix.remove_suffix(1);
    const auto slash = final_prefix.rfind('/');
    const auto name_at = slash == std::string_view::npos ? 0 : slash + 1;
    std::string prefix(final_prefix.substr(0, name_at));
    prefix += '.';
    prefix += final_prefix.substr(name_at);
    prefix += ".staging-";
    return prefix;
}

std::string make_staging_prefix(std::string_view final_prefix, const Random& random) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string prefix = staging_prefix_of(final_prefix);
    std::array<std::uint8_t, 8> bytes{};
    random(bytes);
    for (const auto byte : bytes) {
        prefix += digits[byte >> 4];
        prefix += digits[byte & 15];
    }
    prefix += '/';
    return prefix;
}

Result<void> publish_tree(ObjectStore& store, std::string_view staging_prefix, std::string_view final_prefix, std::stop_token stop) {
    SF_TRY(validate_prefixes(staging_prefix, final_prefix));
    if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.publish_tree", "stopped before it began");
    if (auto* publisher = dynamic_cast<TreePublisher*>(&store)) {
        auto done = publisher->do_publish_tree(std::string(staging_prefix), std::string(final_prefix), stop);
        // A folder that cannot be swapped (a mount point) still takes the slow way.
        if (done || done.error().code != Errc::unsupported) return done;
    }
    return publish_by_copy(store, staging_prefix, final_prefix, stop);
}

Result<void> remove_tree(ObjectStore& store, std::string_view prefix, std::stop_token stop) {
    constexpr auto operation = "storage.remove_tree";
    if (prefix.size() < 2 || !prefix.ends_with('/')) {
        return make_error(Errc::invalid_argument, operation, "a prefix that ends with a slash is needed")
            .with("prefix", std::string(prefix));
    }
    if (auto* publisher = dynamic_cast<TreePublisher*>(&store)) {
        auto done = publisher->do_remove_tree(std::string(prefix), stop);
        if (done || done.error().code != Errc::unsupported) return done;
    }
    SF_ASSIGN(const auto objects, store.list_all(prefix, stop));
    std::vector<std::string> keys;
    for (const auto& object : objects) keys.push_back(object.key);
    SF_ASSIGN(const auto removed, store.remove(keys, std::move(stop)));
    if (!removed.failed.empty()) return removed.failed.front().second;
    return {};
}

}  // namespace streamforge::storage
