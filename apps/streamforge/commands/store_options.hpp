#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include <streamforge/storage/open.hpp>

namespace streamforge::app {

/// How the commands that work on a store reach it; the variables that AWS tools read count too.
struct StoreOptions {
    std::string endpoint_url;
    std::string region;
    std::string profile;
    std::string provider;
    bool path_style = false;
    bool no_sign = false;
    std::string ca_bundle;
    std::string payload_signing = "auto";
    std::string limit_rate;

    void declare(CLI::App& command);
    [[nodiscard]] Result<storage::OpenOptions> open_options() const;
};

/// A store and one key in it.
struct Place {
    std::shared_ptr<storage::ObjectStore> store;
    std::string key;  ///< Empty, a key, or a prefix that ends with '/'.
};

/// The bucket that `url` names and what follows it, as it stands there. *Errors*: as `storage::open`.
[[nodiscard]] Result<Place> open_place(const std::string& url, const StoreOptions& options);

/// Where the state of a transfer between `from` and `to` is kept between runs.
[[nodiscard]] std::filesystem::path journal_path(const std::string& from, const std::string& to, const storage::ObjectStore& store);

}  // namespace streamforge::app
