#include "pipeline/publication.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string_view>

#include "core/try.hpp"
#include "pipeline/layout.hpp"
#include "pipeline/run_mark.hpp"

#include <streamforge/core/random.hpp>
#include <streamforge/storage/publish_tree.hpp>
#include <streamforge/storage/transfer.hpp>

namespace streamforge::pipeline {
namespace {

/// What stands at the target before a run.
struct Standing {
    std::vector<std::string> keys;
    bool marked = false;     ///< An unfinished run's marker.
    bool published = false;  ///< A master playlist or MPD.
    std::string foreign;     ///< A name that no presentation has.
};

Result<Standing> look_at(const storage::Location& target, const std::stop_token& stop) {
    Standing standing;
    SF_ASSIGN(const auto objects, target.store->list_all(target.prefix, stop));
    for (const auto& object : objects) {
        const std::string name = object.key.substr(target.prefix.size());
        if (name == layout::marker) standing.marked = true;
        if (name == layout::master_playlist || name == layout::mpd) standing.published = true;
        if (!layout::is_presentation_name(name) && standing.foreign.empty()) standing.foreign = name;
        standing.keys.push_back(object.key);
    }
    return standing;
}

Error occupied(const storage::Location& target, std::string message) {
    return make_error(Errc::already_exists, "pipeline.publish", std::move(message)).with("output", target.prefix);
}

/// Where the marker of a tree staged under `prefix` stands: beside it, so that it outlives the tree at every step of the swap.
std::string staging_marker(std::string_view prefix) {
    return std::string(prefix.substr(0, prefix.size() - 1)) + std::string(layout::marker);
}

/// What a marker tells of the run that wrote it.
RunState state_of_writer(const storage::Location& target, const std::string& marker, const std::stop_token& stop) {
    constexpr std::uint64_t most = 4096;
    const auto mark = target.store->get_bytes(marker, {}, stop, most);
    if (!mark) return RunState::unknown;
    return state_of_run({reinterpret_cast<const char*>(mark->bytes.data()), mark->bytes.size()});
}

/// The staging prefixes beside the target, and when each was written to last.
using Staged = std::map<std::string, std::chrono::system_clock::time_point>;

Result<Staged> staged_beside(const storage::Location& target, const std::stop_token& stop) {
    const std::string stem = storage::staging_prefix_of(target.prefix);
    SF_ASSIGN(const auto objects, target.store->list_all(stem, stop));
    Staged staged;
    for (const auto& object : objects) {
        const auto end = object.key.find_first_of("/.", stem.size());
        if (end == std::string::npos) continue;
        auto& newest = staged[object.key.substr(0, end) + '/'];
        newest = std::max(newest, object.last_modified);
    }
    return staged;
}

/// Removes what ended runs left beside the target. Of runs elsewhere nothing can be known: theirs go when nothing was written
/// for a day.
Result<void> clear_ended_runs(const storage::Location& target, const std::stop_token& stop) {
    constexpr std::chrono::hours forgotten{24};
    SF_ASSIGN(const auto staged, staged_beside(target, stop));
    for (const auto& [prefix, newest] : staged) {
        const std::string marker = staging_marker(prefix);
        const RunState state = state_of_writer(target, marker, stop);
        const bool old = std::chrono::system_clock::now() - newest > forgotten;
        if (state == RunState::running || (state == RunState::unknown && !old)) continue;
        SF_TRY(storage::remove_tree(*target.store, prefix, stop));
        SF_TRY(target.store->remove(marker, stop));
    }
    return {};
}

}  // namespace

Publication::Publication(storage::Location target, std::string prefix, std::stop_token stop)
    : target_(std::move(target)),
      prefix_(std::move(prefix)),
      marker_(prefix_ == target_.prefix ? prefix_ + std::string(layout::marker) : staging_marker(prefix_)),
      stop_(std::move(stop)) {}

Result<std::unique_ptr<Publication>> Publication::begin(const storage::Location& target, bool overwrite, std::stop_token stop) {
    SF_ASSIGN(const Standing standing, look_at(target, stop));
    if (!standing.foreign.empty()) {
        return occupied(target, "the output holds files that are no part of a presentation; choose an empty one")
            .with("found", standing.foreign);
    }
    // Where writing is sending, what a killed run sent is worth keeping.
    const bool keeps = standing.marked && !target.store->capabilities().atomic_publish_tree;
    const bool leftover = standing.marked && (!standing.published || keeps);
    if (leftover && state_of_writer(target, target.prefix + std::string(layout::marker), stop) == RunState::running) {
        return occupied(target, "another run is writing to the output; wait for it or choose another");
    }
    if (!standing.keys.empty() && !leftover && !overwrite) {
        return occupied(target, "the output holds a presentation already; choose another or allow overwriting");
    }
    std::string prefix = target.prefix;
    const bool replace = !standing.keys.empty() && !leftover;
    if (replace) {
        if (prefix.empty()) {
            return make_error(Errc::unsupported, "pipeline.publish", "a store's root cannot be replaced; give the output a prefix");
        }
        SF_TRY(clear_ended_runs(target, stop));
        prefix = storage::make_staging_prefix(prefix, system_random());
    }
    if (leftover && !keeps && !prefix.empty()) SF_TRY(storage::remove_tree(*target.store, prefix, stop));
    std::unique_ptr<Publication> publication(new Publication(target, prefix, std::move(stop)));
    SF_TRY(publication->mark());
    if (keeps) {
        SF_TRY(publication->take_up(standing.keys));
    } else if (leftover && prefix.empty()) {
        auto stale = standing.keys;
        std::erase(stale, publication->marker_);
        SF_ASSIGN(const auto removed, target.store->remove(stale, publication->stop_));
        if (!removed.failed.empty()) return removed.failed.front().second;
    }
    return publication;
}

Result<void> Publication::mark() {
    {
        const std::lock_guard lock(mutex_);
        written_.push_back(marker_);
    }
    SF_TRY(target_.store->put(marker_, make_run_mark(), {.content_type = "text/plain; charset=utf-8"}, stop_));
    return {};
}

Result<void> Publication::take_up(std::vector<std::string> keys) {
    // Nothing may be announced while its media change.
    std::vector<std::string> announcing;
    for (const auto* name : {&layout::master_playlist, &layout::mpd}) {
        const auto key = prefix_ + std::string(*name);
        if (std::ranges::find(keys, key) != keys.end()) announcing.push_back(key);
    }
    if (!announcing.empty()) {
        SF_ASSIGN(const auto removed, target_.store->remove(announcing, stop_));
        if (!removed.failed.empty()) return removed.failed.front().second;
    }
    if (target_.store->capabilities().multipart) {
        // Objects that were on their way in parts; whoever kills a run does so on this side of an hour's difference of clocks.
        SF_TRY(storage::sweep_uploads(*target_.store, prefix_, std::chrono::seconds(-3600), std::chrono::system_clock::now(), stop_));
    }
    found_.insert(keys.begin(), keys.end());
    for (const auto& key : announcing) found_.erase(key);
    found_.erase(marker_);
    return {};
}

Result<bool> Publication::is_there(const std::string& key, const storage::Body& body) {
    {
        const std::lock_guard lock(mutex_);
        if (found_.erase(key) == 0) return false;
    }
    const auto bytes = body.in_memory();
    if (!bytes) return false;
    return storage::already_holds(*target_.store, key, *bytes, stop_);
}

Result<void> Publication::put(const std::string& name, storage::Body body) {
    const std::string key = prefix_ + name;
    {
        const std::lock_guard lock(mutex_);
        written_.push_back(key);
    }
    SF_ASSIGN(const bool there, is_there(key, body));
    if (there) {
        bytes_ += body.size_bytes().value_or(0);
        ++files_;
        return {};
    }
    SF_ASSIGN(const auto info, target_.store->put(key, std::move(body), {.cache_control = layout::cache_control(name)}, stop_));
    bytes_ += info.size_bytes;
    ++files_;
    return {};
}

Result<void> Publication::finish() {
    if (!found_.empty()) {
        const std::vector<std::string> stale(found_.begin(), found_.end());
        SF_ASSIGN(const auto removed, target_.store->remove(stale, stop_));
        if (!removed.failed.empty()) return removed.failed.front().second;
    }
    if (prefix_ == target_.prefix) {
        SF_TRY(target_.store->remove(marker_, stop_));
    } else {
        SF_TRY(storage::publish_tree(*target_.store, prefix_, target_.prefix, stop_));
        (void)target_.store->remove(marker_);  // all is published; should the marker stay, the next replacement clears it
    }
    finished_ = true;
    return {};
}

Publication::~Publication() {
    if (finished_) return;
    // Playlists first, media last: nothing is announced whose media are gone. The stop request does not apply to cleaning up.
    std::ranges::reverse(written_);
    written_.insert(written_.end(), found_.begin(), found_.end());
    (void)target_.store->remove(written_);
}

}  // namespace streamforge::pipeline
