#include "storage/credentials/aws_config.hpp"

#include <algorithm>

#include <streamforge/core/byte_source.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr std::uint64_t max_file_bytes = std::uint64_t{1} << 20;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// A comment begins a line, or follows white space.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if ((line[at] == '#' || line[at] == ';') && (at == 0 || is_blank(line[at - 1]))) return line.substr(0, at);
    }
    return line;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool is_name(std::string_view text) {
    constexpr std::string_view marks = "-_./%@:+";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

enum class Where : std::uint8_t { nowhere, profile, services };

struct Heading {
    Where where = Where::nowhere;
    std::string name;
    bool prefixed = false;  ///< "[profile default]" goes before "[default]".
};

Heading parse_heading(std::string_view line, AwsFileKind kind) {
    const auto close = line.find(']');
    if (close == std::string_view::npos) return {};
    const auto inner = trim(line.substr(1, close - 1));
    const auto blank = inner.find_first_of(" \t");
    const auto word = inner.substr(0, blank);
    const auto name = blank == std::string_view::npos ? std::string_view{} : trim(inner.substr(blank));
    if (kind == AwsFileKind::credentials) return is_name(inner) ? Heading{Where::profile, std::string(inner), false} : Heading{};
    if (word == "profile" && is_name(name)) return {Where::profile, std::string(name), true};
    if (word == "services" && is_name(name)) return {Where::services, std::string(name), true};
    if (inner == "default") return {Where::profile, "default", false};
    return {};
}

}  // namespace

std::optional<std::string> AwsProfile::get(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional(found->second);
}

void AwsProfile::merge(const AwsProfile& other) {
    for (const auto& [name, value] : other.values_) values_[name] = value;
}

void AwsConfig::parse(std::string_view text, AwsFileKind kind) {
    struct Section {
        Heading heading;
        AwsProfile values;
    };
    std::vector<Section> sections;
    std::string last_key;
    bool last_was_empty = false;
    bool in_section = false;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool indented = !line.empty() && is_blank(line.front());
        line = trim(without_comment(line));
        if (line.empty()) continue;
        if (line.front() == '[') {
            auto heading = parse_heading(line, kind);
            in_section = heading.where != Where::nowhere;
            if (in_section) sections.push_back({std::move(heading), {}});
            last_key.clear();
            continue;
        }
        if (!in_section) continue;
        auto& values = sections.back().values;
        const auto equals = line.find('=');
        if (indented && !last_key.empty()) {
            // Below an empty value: one nested level. Else the value goes on.
            if (last_was_empty && equals != std::string_view::npos) {
                values.set(last_key + "." + lower(trim(line.substr(0, equals))), std::string(trim(line.substr(equals + 1))));
            } else if (!last_was_empty) {
                values.set(last_key, values.get(last_key).value_or("") + "\n" + std::string(line));
            }
            continue;
        }
        if (equals == std::string_view::npos || !is_name(trim(line.substr(0, equals)))) {
            last_key.clear();
            continue;
        }
        last_key = lower(trim(line.substr(0, equals)));
        const auto value = trim(line.substr(equals + 1));
        last_was_empty = value.empty();
        values.set(last_key, std::string(value));
    }
    const bool has_prefixed_default = std::any_of(sections.begin(), sections.end(), [](const Section& section) {
        return section.heading.where == Where::profile && section.heading.prefixed && section.heading.name == "default";
    });
    for (const auto& section : sections) {
        const auto& heading = section.heading;
        if (has_prefixed_default && heading.where == Where::profile && heading.name == "default" && !heading.prefixed) continue;
        (heading.where == Where::services ? services_ : profiles_)[heading.name].merge(section.values);
    }
}

AwsProfile AwsConfig::profile(std::string_view name) const {
    const auto found = profiles_.find(name);
    if (found == profiles_.end()) return {};
    auto profile = found->second;
    if (const auto services = services_.find(profile.get("services").value_or("")); services != services_.end()) {
        if (const auto endpoint = services->second.get("s3.endpoint_url")) profile.set("services.s3.endpoint_url", *endpoint);
    }
    return profile;
}

bool AwsConfig::has_profile(std::string_view name) const { return profiles_.find(name) != profiles_.end(); }

Result<std::optional<std::string>> read_small_file(const std::string& path) {
    auto source = open_file(path);
    if (!source) {
        if (source.error().code == Errc::not_found) return std::optional<std::string>{};
        return std::move(source).error();
    }
    if ((*source)->size_bytes() > max_file_bytes) {
        return make_error(Errc::limit_exceeded, "storage.credentials", "the file is too long").with("path", path);
    }
    Bytes bytes(static_cast<std::size_t>((*source)->size_bytes()));
    SF_ASSIGN(const auto count, (*source)->read_at(0, bytes));
    return std::optional(std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)));
}

Result<AwsConfig> load_aws_config(const Environment& environment) {
    const auto home = environment("HOME").value_or("");
    AwsConfig config;
    for (const auto& [variable, name, kind] : {std::tuple("AWS_CONFIG_FILE", "/.aws/config", AwsFileKind::config),
                                               std::tuple("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", AwsFileKind::credentials)}) {
        auto path = environment(variable).value_or("");
        if (path.starts_with("~/")) path = home + path.substr(1);
        if (path.empty() && home.empty()) continue;
        if (path.empty()) path = home + name;
        SF_ASSIGN(const auto text, read_small_file(path));
        if (text) config.parse(*text, kind);
    }
    return config;
}

std::string default_profile_name(const Environment& environment) {
    for (const auto* name : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}) {
        if (const auto value = environment(name); value && !value->empty()) return *value;
    }
    return "default";
}

}  // namespace streamforge::storage
