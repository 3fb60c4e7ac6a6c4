#include <streamforge/storage/event.hpp>

#include <algorithm>
#include <nlohmann/json.hpp>

#include <streamforge/http/url.hpp>

#include "core/try.hpp"
#include "storage/s3/http_time.hpp"

namespace streamforge::storage {
namespace {

using Json = nlohmann::json;
using Kind = StoreEvent::Kind;

constexpr auto operation = "storage.parse_events";
constexpr std::size_t max_message_bytes = std::size_t{4} << 20;
constexpr std::size_t max_events = 10'000;
constexpr int max_envelopes = 4;
constexpr std::size_t sequencer_digits = 32;

Error malformed(const char* message) { return make_error(Errc::malformed, operation, message); }

const Json& at(const Json& json, const char* name) {
    static const Json nothing;
    if (!json.is_object()) return nothing;
    const auto found = json.find(name);
    return found == json.end() ? nothing : *found;
}

std::string text(const Json& json) { return json.is_string() ? json.get<std::string>() : std::string{}; }

std::optional<std::uint64_t> number(const Json& json) {
    return json.is_number_unsigned() ? std::optional(json.get<std::uint64_t>()) : std::nullopt;
}

Kind kind_of(std::string_view name) {
    if (name.starts_with("ObjectCreated:") || name == "Object Created") return Kind::created;
    if (name.starts_with("ObjectRemoved:") || name == "Object Deleted" || name == "LifecycleExpiration:Delete") return Kind::removed;
    if (name == "ObjectRestore:Completed" || name == "Object Restore Completed") return Kind::restored;
    return Kind::other;
}

/// Reads one message, and those inside it.
class Reading {
public:
    Result<void> read_text(std::string_view message, int envelopes) {
        if (envelopes > max_envelopes) return malformed("too many envelopes around each other");
        const auto json = Json::parse(message, nullptr, false);
        if (!json.is_object()) return malformed("the message is no JSON object");
        return read(json, envelopes);
    }
    std::vector<StoreEvent> events;

private:
    Result<void> read(const Json& json, int envelopes) {
        if (json.contains("detail-type")) return read_eventbridge(json);
        if (at(json, "Message").is_string()) return read_text(text(at(json, "Message")), envelopes + 1);  // SNS
        if (at(json, "Body").is_string()) return read_text(text(at(json, "Body")), envelopes + 1);        // one message of a queue
        if (at(json, "Messages").is_array()) return read_each(at(json, "Messages"), envelopes);
        if (at(json, "Records").is_array()) return read_each(at(json, "Records"), envelopes);
        if (text(at(json, "Event")) == "s3:TestEvent") return {};
        return malformed("the message is no bucket's event");
    }

    Result<void> read_each(const Json& list, int envelopes) {
        for (const auto& item : list) {
            if (at(item, "s3").is_object()) {
                SF_TRY(read_record(item));
            } else if (at(item, "body").is_string()) {
                SF_TRY(read_text(text(at(item, "body")), envelopes + 1));  // SQS as a function gets it
            } else if (at(item, "Sns").is_object()) {
                SF_TRY(read_text(text(at(at(item, "Sns"), "Message")), envelopes + 1));
            } else if (at(item, "Body").is_string()) {
                SF_TRY(read_text(text(at(item, "Body")), envelopes + 1));
            } else {
                return malformed("a record is no bucket's event");
            }
        }
        return {};
    }

    Result<void> read_record(const Json& record) {
        const auto version = text(at(record, "eventVersion"));
        if (!version.starts_with("2.")) return malformed("the record's version is not 2.x");
        const auto& object = at(at(record, "s3"), "object");
        StoreEvent event;
        event.name = text(at(record, "eventName"));
        if (event.name.starts_with("s3:")) event.name.erase(0, 3);
        event.bucket = text(at(at(at(record, "s3"), "bucket"), "name"));
        // Encoded as forms are: a space is a plus.
        auto key = http::percent_decode(text(at(object, "key")), true);
        if (!key) return malformed("the record's key is not encoded as it should be");
        event.key = *std::move(key);
        event.version_id = text(at(object, "versionId"));
        event.etag = text(at(object, "eTag"));
        event.size_bytes = number(at(object, "size"));
        event.sequencer = text(at(object, "sequencer"));
        event.region = text(at(record, "awsRegion"));
        event.time = s3::parse_iso_time(text(at(record, "eventTime")));
        return add(std::move(event));
    }

    Result<void> read_eventbridge(const Json& json) {
        const auto& detail = at(json, "detail");
        const auto& object = at(detail, "object");
        StoreEvent event;
        event.name = text(at(json, "detail-type"));
        event.bucket = text(at(at(detail, "bucket"), "name"));
        event.key = text(at(object, "key"));
        event.version_id = text(at(object, "version-id"));
        event.etag = text(at(object, "etag"));
        event.size_bytes = number(at(object, "size"));
        event.sequencer = text(at(object, "sequencer"));
        event.region = text(at(json, "region"));
        event.time = s3::parse_iso_time(text(at(json, "time")));
        return add(std::move(event));
    }

    Result<void> add(StoreEvent event) {
        if (event.bucket.empty() || event.key.empty() || event.name.empty()) return malformed("an event names no bucket, key or kind");
        if (events.size() == max_events) return make_error(Errc::limit_exceeded, operation, "the message holds too many events");
        event.kind = kind_of(event.name);
        events.push_back(std::move(event));
        return {};
    }
};

/// Hexadecimal numbers of different lengths, made comparable.
std::string padded(std::string_view sequencer) {
    std::string out(sequencer.size() < sequencer_digits ? sequencer_digits - sequencer.size() : 0, '0');
    for (const char c : sequencer) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return out;
}

}  // namespace

std::string StoreEvent::deduplication_key() const {
    std::string out = bucket + '/' + http::percent_encode(key, "/") + '#' + http::percent_encode(version_id) + '#';
    if (!sequencer.empty()) return out + padded(sequencer);
    const auto since = time ? std::chrono::duration_cast<std::chrono::milliseconds>(time->time_since_epoch()).count() : 0;
    return out + http::percent_encode(name) + '#' + http::percent_encode(etag) + '#' + std::to_string(since);
}

std::optional<bool> happened_before(const StoreEvent& a, const StoreEvent& b) {
    if (a.bucket != b.bucket || a.key != b.key) return std::nullopt;
    if (!a.sequencer.empty() && !b.sequencer.empty()) {
        const auto left = padded(a.sequencer);
        const auto right = padded(b.sequencer);
        if (left.size() != right.size()) return left.size() < right.size();
        return left < right;
    }
    if (a.time && b.time && *a.time != *b.time) return *a.time < *b.time;
    return std::nullopt;
}

Result<std::vector<StoreEvent>> parse_store_events(std::string_view message) {
    if (message.size() > max_message_bytes) return make_error(Errc::limit_exceeded, operation, "the message is too long");
    Reading reading;
    SF_TRY(reading.read_text(message, 0));
    return std::move(reading.events);
}

}  // namespace streamforge::storage
