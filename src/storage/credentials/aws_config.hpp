#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <streamforge/storage/credentials.hpp>

namespace streamforge::storage {

/// The settings of one profile; nested ones as "s3.addressing_style". May hold secrets.
class AwsProfile {
public:
    [[nodiscard]] std::optional<std::string> get(std::string_view name) const;
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    void set(std::string name, std::string value) { values_[std::move(name)] = std::move(value); }
    /// Takes over what `other` says, before what is here already.
    void merge(const AwsProfile& other);

private:
    std::map<std::string, std::string, std::less<>> values_;
};

enum class AwsFileKind : std::uint8_t { config, credentials };

/// What the shared config and credentials files hold. *Source*: AWS SDKs and Tools Reference Guide, "Shared config and credentials
/// files".
class AwsConfig {
public:
    /// Adds a file's text. Sections and lines that break the grammar are passed over, as AWS tools do. The credentials file goes
    /// last: it wins.
    void parse(std::string_view text, AwsFileKind kind);
    /// Empty when there is none of that name; with "services.…" filled in from the section that it names.
    [[nodiscard]] AwsProfile profile(std::string_view name) const;
    [[nodiscard]] bool has_profile(std::string_view name) const;

private:
    std::map<std::string, AwsProfile, std::less<>> profiles_;
    std::map<std::string, AwsProfile, std::less<>> services_;
};

/// Reads the files that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name, or those in ~/.aws. Absent ones are empty.
/// *Errors*: `limit_exceeded` for a file above 1 MiB.
[[nodiscard]] Result<AwsConfig> load_aws_config(const Environment& environment);
/// AWS_PROFILE, AWS_DEFAULT_PROFILE, or "default".
[[nodiscard]] std::string default_profile_name(const Environment& environment);

/// A small file as text; nothing when it is absent. *Errors*: `limit_exceeded`, `io`, `permission_denied`.
[[nodiscard]] Result<std::optional<std::string>> read_small_file(const std::string& path);

}  // namespace streamforge::storage
