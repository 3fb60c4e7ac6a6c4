#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include <streamforge/core/result.hpp>
#include <streamforge/storage/open.hpp>

namespace streamforge::pipeline {

/// The rights and order of writing one presentation: nothing is announced before it is whole, and nothing is left behind.
///
/// A fresh target is written in place below a marker object; a target that holds a presentation is replaced by writing
/// beside it and swapping. Destroying a publication that was not finished removes what it wrote.
/// *Thread safety*: `put` from several threads at once.
class Publication {
public:
    /// Clears what runs that were killed left in the target or beside it, where it can be known that they ended. In a store that is
    /// no folder, what such a run left in the target stays, and is not sent again where it comes out the same.
    /// *Errors*: `already_exists` when the target holds objects and may not be replaced, holds foreign ones, or another run is
    /// writing to it.
    [[nodiscard]] static Result<std::unique_ptr<Publication>> begin(const storage::Location& target, bool overwrite, std::stop_token stop);
    Publication(const Publication&) = delete;
    Publication& operator=(const Publication&) = delete;
    ~Publication();

    /// Writes one object, named relative to the presentation.
    [[nodiscard]] Result<void> put(const std::string& name, storage::Body body);
    /// Removes the marker and, when replacing, swaps the new tree in.
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] std::uint64_t bytes_written() const noexcept { return bytes_; }
    [[nodiscard]] std::uint64_t files_written() const noexcept { return files_; }

private:
    Publication(storage::Location target, std::string prefix, std::stop_token stop);
    [[nodiscard]] Result<void> mark();
    /// Goes on with what a killed run had written: what comes out the same is not sent again.
    [[nodiscard]] Result<void> take_up(std::vector<std::string> keys);
    [[nodiscard]] Result<bool> is_there(const std::string& key, const storage::Body& body);

    storage::Location target_;
    std::string prefix_;  ///< Where objects are written: the target's own prefix, or a staging one beside it.
    std::string marker_;  ///< The key of the object that tells of a run under way.
    std::stop_token stop_;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::atomic<std::uint64_t> files_ = 0;
    bool finished_ = false;
    std::mutex mutex_;
    std::vector<std::string> written_;  ///< Keys, for removal; guarded by mutex_.
    std::set<std::string> found_;       ///< Of a killed run, and not written by this one yet; guarded by mutex_.
};

}  // namespace streamforge::pipeline
