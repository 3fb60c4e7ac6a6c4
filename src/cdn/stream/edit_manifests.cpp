#include <algorithm>
#include <array>
#include <functional>

#include "cdn/stream/resolve.hpp"
#include "cdn/stream/stream_files.hpp"
#include "core/try.hpp"

namespace streamforge::cdn::stream {
namespace {

constexpr int version_of_query_variables = 11;  // draft-pantos-hls-rfc8216bis §8
constexpr std::string_view annex_scheme = "urn:mpeg:dash:urlparam:2014";
constexpr std::string_view annex_namespace = "urn:mpeg:dash:schema:urlparam:2014";

bool is_for_playing(manifest::HlsUriKind kind) { return kind != manifest::HlsUriKind::key && kind != manifest::HlsUriKind::other; }

/// Whether a URI that need not be ours (a key, a service) lies in the stream's folder, and thus behind its token.
bool lies_inside(const StreamFiles& files, const std::string& base_url, std::string_view reference) {
    const auto url = resolve(base_url, reference);
    return url && url->starts_with(files.folder);
}

/// The first lines of a playlist with the version raised and the variables declared.
std::string with_definitions(const std::string& text, const std::vector<TokenParameter>& parameters) {
    std::string definitions;
    for (const auto& parameter : parameters) definitions += "#EXT-X-DEFINE:QUERYPARAM=\"" + parameter.name + "\"\n";
    std::string out;
    bool placed = false;
    const bool has_version = text.find("\n#EXT-X-VERSION:") != std::string::npos;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        begin = end;
        if (line.starts_with("#EXT-X-VERSION:")) {
            const int version = std::max(std::atoi(std::string(line.substr(15)).c_str()), version_of_query_variables);
            out += "#EXT-X-VERSION:" + std::to_string(version) + "\n";
        } else {
            out += line;
        }
        if (!placed && (has_version ? line.starts_with("#EXT-X-VERSION:") : line.starts_with("#EXTM3U"))) {
            if (!has_version) out += "#EXT-X-VERSION:" + std::to_string(version_of_query_variables) + "\n";
            out += definitions;
            placed = true;
        }
    }
    return out;
}

/// Where a child belongs among those of an AdaptationSet: behind these.
bool stands_before_essential(const std::string& name) {
    constexpr std::array<std::string_view, 5> names{"FramePacking", "AudioChannelConfiguration", "ContentProtection", "OutputProtection",
                                                    "EssentialProperty"};
    const std::string_view local = std::string_view(name).substr(name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
    return std::ranges::find(names, local) != names.end();
}

bool is_named(const manifest::XmlElement& element, std::string_view local_name) {
    const std::size_t colon = element.name.find(':');
    return std::string_view(element.name).substr(colon == std::string::npos ? 0 : colon + 1) == local_name;
}

void add_query_info(manifest::XmlElement& set, const std::string& prefix) {
    manifest::XmlElement info;
    info.name = "up:UrlQueryInfo";
    info.attributes = {{"xmlns:up", std::string(annex_namespace)}, {"queryTemplate", "$querypart$"}, {"useMPDUrlQuery", "true"}};
    manifest::XmlElement property;
    property.name = prefix + "EssentialProperty";
    property.attributes = {{"schemeIdUri", std::string(annex_scheme)}};
    property.children.push_back(std::move(info));
    const auto place =
        std::ranges::find_if_not(set.children, [](const manifest::XmlElement& child) { return stands_before_essential(child.name); });
    set.children.insert(place, std::move(property));
}

/// Reports the first failure of a callback that cannot fail itself.
class FirstFailure {
public:
    std::optional<std::string> take(Result<std::optional<std::string>> result) {
        if (result) return *std::move(result);
        if (failure_) failure_ = std::move(result).error();
        return std::nullopt;
    }
    [[nodiscard]] Result<void> result() const { return failure_; }

private:
    Result<void> failure_;
};

}  // namespace

Result<std::vector<ManifestFile>> rewrite_hls(const StreamFiles& files, const UriSigner& sign) {
    std::vector<ManifestFile> edited;
    for (const KnownPlaylist& file : files.playlists) {
        SF_ASSIGN(const manifest::HlsPlaylist playlist, manifest::parse_hls(*file.text));
        FirstFailure failure;
        const auto change = [&](manifest::HlsUriKind kind, std::string_view uri) -> std::optional<std::string> {
            if (!is_for_playing(kind) && !lies_inside(files, file.url, uri)) return std::nullopt;
            auto url = resolve(file.url, uri);
            if (!url) return failure.take(std::move(url).error());
            return failure.take(sign(uri, *url));
        };
        SF_ASSIGN(std::string text, manifest::rewrite_hls_uris(playlist, change));
        SF_TRY(failure.result());
        edited.push_back({file.url, std::move(text)});
    }
    return edited;
}

Result<std::vector<ManifestFile>> define_hls(const StreamFiles& files, const std::vector<TokenParameter>& parameters) {
    std::string query;
    for (const auto& parameter : parameters) query += (query.empty() ? "" : "&") + parameter.name + "={$" + parameter.name + "}";
    std::vector<ManifestFile> edited;
    for (const KnownPlaylist& file : files.playlists) {
        SF_ASSIGN(const manifest::HlsPlaylist playlist, manifest::parse_hls(*file.text));
        const auto change = [&](manifest::HlsUriKind kind, std::string_view uri) -> std::optional<std::string> {
            if (!is_for_playing(kind) && !lies_inside(files, file.url, uri)) return std::nullopt;
            return std::string(uri) + (uri.find('?') == std::string_view::npos ? "?" : "&") + query;
        };
        SF_ASSIGN(const std::string text, manifest::rewrite_hls_uris(playlist, change));
        edited.push_back({file.url, with_definitions(text, parameters)});
    }
    return edited;
}

Result<std::vector<ManifestFile>> rewrite_dash(const StreamFiles& files, const std::string& mpd_url, const UriSigner& sign) {
    manifest::Mpd mpd = files.mpd;
    FirstFailure failure;
    manifest::rewrite_mpd_uris(mpd, [&](manifest::MpdUriKind kind, std::string_view uri) -> std::optional<std::string> {
        // A base that ends with a slash is a folder: what stands below it carries the token.
        if (kind == manifest::MpdUriKind::base_url && (uri.empty() || uri.back() == '/')) return std::nullopt;
        auto url = resolve(mpd_url, uri);
        if (!url) return failure.take(std::move(url).error());
        if (kind == manifest::MpdUriKind::location && !url->starts_with(files.folder)) return std::nullopt;
        return failure.take(sign(uri, *url));
    });
    SF_TRY(failure.result());
    return std::vector<ManifestFile>{{mpd_url, manifest::write_mpd(mpd)}};
}

std::vector<ManifestFile> annex_i_dash(const StreamFiles& files, const std::string& mpd_url) {
    manifest::Mpd mpd = files.mpd;
    const std::size_t colon = mpd.root.name.find(':');
    const std::string prefix = colon == std::string::npos ? std::string() : mpd.root.name.substr(0, colon + 1);
    for (auto& period : mpd.root.children) {
        if (!is_named(period, "Period")) continue;
        for (auto& set : period.children) {
            if (is_named(set, "AdaptationSet")) add_query_info(set, prefix);
        }
    }
    return {{mpd_url, manifest::write_mpd(mpd)}};
}

}  // namespace streamforge::cdn::stream
