#include "storage/s3/s3_xml.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <pugixml.hpp>

#include <streamforge/http/url.hpp>

#include "core/try.hpp"
#include "storage/s3/http_time.hpp"

namespace streamforge::storage::s3 {
namespace {

constexpr std::size_t max_items = 100'000;  // servers give 1000 a page

bool load(pugi::xml_document& document, ByteView xml) {
    const auto parsed = document.load_buffer(xml.data(), xml.size(), pugi::parse_default & ~pugi::parse_doctype);
    return parsed && document.document_element();
}

Error malformed(std::string what) {
    auto error = make_error(Errc::malformed, "storage.s3", "the store's answer is not what was asked for: " + std::move(what));
    error.retry = Retry::later;
    return error;
}

/// The local part of a name: some stores add a namespace prefix.
std::string_view local(const char* name) {
    const auto* colon = std::strrchr(name, ':');
    return colon == nullptr ? name : colon + 1;
}

pugi::xml_node child(const pugi::xml_node& node, std::string_view name) {
    for (const auto& item : node.children()) {
        if (local(item.name()) == name) return item;
    }
    return {};
}

std::string text(const pugi::xml_node& node, std::string_view name) { return child(node, name).text().get(); }

std::uint64_t number(const pugi::xml_node& node, std::string_view name) {
    const std::string_view digits = child(node, name).text().get();
    std::uint64_t value = 0;
    (void)std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// With quotes always, as headers have them: some stores leave them out here.
std::string etag(const pugi::xml_node& node) {
    auto value = text(node, "ETag");
    if (value.empty() || value.starts_with('"') || value.starts_with("W/")) return value;
    return '"' + value + '"';
}

/// A checksum of the whole: "…-3" is one of three parts' checksums.
std::string checksum(const pugi::xml_node& node) {
    for (const auto& [element, name] : {std::pair("ChecksumCRC64NVME", "crc64nvme="), {"ChecksumCRC32C", "crc32c="}}) {
        const auto value = text(node, element);
        if (!value.empty() && value.find('-') == std::string::npos) return name + value;
    }
    return {};
}

std::string decoded(const std::string& key, bool url_encoded) {
    if (!url_encoded) return key;
    auto plain = http::percent_decode(key, true);
    return plain ? *std::move(plain) : key;
}

pugi::xml_node root_if(const pugi::xml_document& document, std::string_view name) {
    const auto root = document.document_element();
    return local(root.name()) == name ? root : pugi::xml_node{};
}

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
}

}  // namespace

std::optional<std::string> root_name(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return std::nullopt;
    return std::string(local(document.document_element().name()));
}

std::optional<ErrorDocument> parse_error(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return std::nullopt;
    const auto root = root_if(document, "Error");
    if (!root) return std::nullopt;
    return ErrorDocument{text(root, "Code"), text(root, "Message"), text(root, "Region"), text(root, "RequestId"),
                         text(root, "ServerTime")};
}

Result<ListDocument> parse_list(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    const auto root = root_if(document, "ListBucketResult");
    if (!root) return malformed("no ListBucketResult");
    const bool url = text(root, "EncodingType") == "url";
    ListDocument list;
    for (const auto& node : root.children()) {
        if (list.page.objects.size() + list.page.prefixes.size() >= max_items) return malformed("too many keys");
        const auto name = local(node.name());
        if (name == "Contents") {
            ObjectInfo info;
            info.key = decoded(text(node, "Key"), url);
            info.size_bytes = number(node, "Size");
            info.etag = etag(node);
            info.last_modified = parse_iso_time(text(node, "LastModified")).value_or(TimePoint{});
            list.page.objects.push_back(std::move(info));
        } else if (name == "CommonPrefixes") {
            list.page.prefixes.push_back(decoded(text(node, "Prefix"), url));
        }
    }
    list.truncated = text(root, "IsTruncated") == "true";
    if (list.truncated) list.page.next_page_token = text(root, "NextContinuationToken");
    if (list.truncated && list.page.next_page_token.empty()) return malformed("a page without the way to the next");
    return list;
}

Result<UploadsDocument> parse_uploads(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    const auto root = root_if(document, "ListMultipartUploadsResult");
    if (!root) return malformed("no ListMultipartUploadsResult");
    const bool url = text(root, "EncodingType") == "url";
    UploadsDocument list;
    for (const auto& node : root.children()) {
        if (local(node.name()) != "Upload") continue;
        if (list.uploads.size() >= max_items) return malformed("too many uploads");
        list.uploads.push_back(
            {decoded(text(node, "Key"), url), text(node, "UploadId"), parse_iso_time(text(node, "Initiated")).value_or(TimePoint{})});
    }
    list.truncated = text(root, "IsTruncated") == "true";
    list.next_key_marker = decoded(text(root, "NextKeyMarker"), url);
    list.next_upload_id_marker = text(root, "NextUploadIdMarker");
    if (list.truncated && list.next_key_marker.empty()) return malformed("a page without the way to the next");
    return list;
}

Result<PartsDocument> parse_parts(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    auto root = root_if(document, "ListPartsResult");
    if (!root) root = root_if(document, "ListPartsResponse");  // as moto has it
    if (!root) return malformed("no ListPartsResult");
    PartsDocument list;
    for (const auto& node : root.children()) {
        if (local(node.name()) != "Part") continue;
        if (list.parts.size() >= max_items) return malformed("too many parts");
        const auto part_number = number(node, "PartNumber");
        if (part_number == 0 || part_number > max_items) return malformed("a part without a number");
        list.parts.push_back({static_cast<std::uint32_t>(part_number), number(node, "Size"), etag(node), checksum(node)});
    }
    list.truncated = text(root, "IsTruncated") == "true";
    list.next_marker = text(root, "NextPartNumberMarker");
    list.checksum_algorithm = text(root, "ChecksumAlgorithm");
    if (list.truncated && list.next_marker.empty()) return malformed("a page without the way to the next");
    return list;
}

Result<std::string> parse_upload_id(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    auto id = text(root_if(document, "InitiateMultipartUploadResult"), "UploadId");
    if (id.empty()) return malformed("no UploadId");
    return id;
}

Result<ResultDocument> parse_result(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    const auto root = document.document_element();
    const auto name = local(root.name());
    if (name != "CompleteMultipartUploadResult" && name != "CompleteMultipartUploadResponse" && name != "CopyObjectResult" &&
        name != "CopyPartResult") {
        return malformed("no result");
    }
    ResultDocument result{etag(root), checksum(root)};
    if (result.etag.empty()) return malformed("a result without an ETag");
    return result;
}

Result<std::vector<std::pair<std::string, ErrorDocument>>> parse_delete(ByteView xml) {
    pugi::xml_document document;
    if (!load(document, xml)) return malformed("no XML");
    const auto root = root_if(document, "DeleteResult");
    if (!root) return malformed("no DeleteResult");
    std::vector<std::pair<std::string, ErrorDocument>> failed;
    for (const auto& node : root.children()) {
        if (local(node.name()) != "Error") continue;
        if (failed.size() >= max_items) return malformed("too many errors");
        failed.emplace_back(text(node, "Key"), ErrorDocument{text(node, "Code"), text(node, "Message"), {}, {}, {}});
    }
    return failed;
}

std::optional<std::pair<std::string_view, std::string_view>> split_checksum(std::string_view text) noexcept {
    for (const auto& [prefix, element] :
         {std::pair<std::string_view, std::string_view>("crc64nvme=", "CRC64NVME"), {"crc32c=", "CRC32C"}}) {
        if (text.starts_with(prefix)) return std::pair(element, text.substr(prefix.size()));
    }
    return std::nullopt;
}

std::string write_complete(std::span<const PartInfo> parts) {
    std::string xml = R"(<?xml version="1.0" encoding="UTF-8"?><CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)";
    xml.reserve(xml.size() + parts.size() * 160);
    for (const auto& part : parts) {
        xml += "<Part><PartNumber>";
        xml += std::to_string(part.number);
        xml += "</PartNumber><ETag>";
        append_escaped(xml, part.etag);
        xml += "</ETag>";
        if (const auto sum = split_checksum(part.checksum)) {
            const std::string element = "Checksum" + std::string(sum->first);
            xml += "<" + element + ">";
            append_escaped(xml, sum->second);
            xml += "</" + element + ">";
        }
        xml += "</Part>";
    }
    return xml += "</CompleteMultipartUpload>";
}

std::string write_delete(std::span<const std::string> keys) {
    std::string xml =
        R"(<?xml version="1.0" encoding="UTF-8"?><Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>)";
    for (const auto& key : keys) {
        xml += "<Object><Key>";
        append_escaped(xml, key);
        xml += "</Key></Object>";
    }
    return xml += "</Delete>";
}

}  // namespace streamforge::storage::s3
