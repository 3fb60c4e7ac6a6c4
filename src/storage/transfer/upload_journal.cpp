#include "storage/transfer/upload_journal.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace streamforge::storage {
namespace {

using Json = nlohmann::json;
constexpr int version = 1;

Json parse(const std::string& text) { return Json::parse(text, nullptr, false); }

std::optional<std::string> text_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return std::nullopt;
    return found->get<std::string>();
}

std::optional<std::uint64_t> number_of(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end() || !found->is_number_unsigned()) return std::nullopt;
    return found->get<std::uint64_t>();
}

std::optional<UploadHeader> parse_header(const Json& json) {
    if (!json.is_object() || number_of(json, "version") != version) return std::nullopt;
    const auto store = text_of(json, "store");
    const auto key = text_of(json, "key");
    const auto id = text_of(json, "upload");
    const auto fingerprint = text_of(json, "source");
    const auto size = number_of(json, "size");
    const auto part = number_of(json, "part");
    const auto parts = number_of(json, "max_parts");
    if (!store || !key || !id || !fingerprint || !size || !part || *part == 0 || !parts || *parts > 100'000) return std::nullopt;
    return UploadHeader{
        *store, *key, *id, *fingerprint,
        PartPlan{.size_bytes = *size, .part_bytes = *part, .largest_part_bytes = *part, .max_parts = static_cast<std::uint32_t>(*parts)}};
}

std::optional<PartInfo> parse_part(const Json& json) {
    if (!json.is_object()) return std::nullopt;
    const auto number = number_of(json, "part");
    const auto size = number_of(json, "size");
    const auto etag = text_of(json, "etag");
    const auto checksum = text_of(json, "checksum");
    if (!number || *number == 0 || *number > 100'000 || !size || !etag || !checksum) return std::nullopt;
    return PartInfo{static_cast<std::uint32_t>(*number), *size, *etag, *checksum};
}

}  // namespace

std::string write_header(const UploadHeader& header) {
    return Json{{"version", version},
                {"store", header.store},
                {"key", header.key},
                {"upload", header.upload_id},
                {"source", header.fingerprint},
                {"size", header.plan.size_bytes.value_or(0)},
                {"part", header.plan.part_bytes},
                {"max_parts", header.plan.max_parts}}
        .dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string write_part(const PartInfo& part) {
    return Json{{"part", part.number}, {"size", part.size_bytes}, {"etag", part.etag}, {"checksum", part.checksum}}.dump(
        -1, ' ', true, Json::error_handler_t::replace);
}

std::optional<UploadRecord> parse_upload_record(const std::vector<std::string>& records) {
    if (records.empty()) return std::nullopt;
    auto header = parse_header(parse(records.front()));
    if (!header) return std::nullopt;
    UploadRecord record{*std::move(header), {}};
    for (std::size_t index = 1; index < records.size(); ++index) {
        auto part = parse_part(parse(records[index]));
        if (!part) return record;
        record.parts.push_back(*std::move(part));
    }
    return record;
}

Reconciled reconcile(const PartPlan& plan, const std::vector<PartInfo>& journal, const std::vector<PartInfo>& held) {
    std::map<std::uint32_t, PartInfo> known;
    for (const auto& part : journal) known[part.number] = part;  // a later record of the same part counts
    Reconciled result;
    for (const auto& part : held) {
        if (part.number == 0 || part.number > plan.count() || part.size_bytes != plan.length_of(part.number)) continue;
        const auto found = known.find(part.number);
        if (found == known.end()) {
            result.doubtful.push_back(part);
            continue;
        }
        const bool same_sum = part.checksum.empty() || found->second.checksum.empty() || part.checksum == found->second.checksum;
        if (found->second.etag == part.etag && same_sum) result.kept.push_back(found->second);
    }
    return result;
}

}  // namespace streamforge::storage
