#include <streamforge/storage/mirrored_store.hpp>

#include <algorithm>
#include <thread>

#include <streamforge/core/byte_budget.hpp>
#include <streamforge/storage/transfer.hpp>

#include "core/try.hpp"
#include "storage/mirrored/mirrors.hpp"
#include "storage/transfer/upload_engine.hpp"

namespace streamforge::storage {
namespace {

constexpr char divider = '\n';  // in no upload id and no ETag
constexpr std::uint64_t stream_memory_bytes = std::uint64_t{96} << 20;

Capabilities common_capabilities(const std::vector<std::shared_ptr<ObjectStore>>& stores) {
    Capabilities all = stores.front()->capabilities();
    all.backend = "mirrored";
    all.atomic_publish_tree = false;
    for (std::size_t index = 1; index < stores.size(); ++index) {
        const auto& other = stores[index]->capabilities();
        all.place += ' ' + other.place;
        all.stores_headers = all.stores_headers && other.stores_headers;
        all.stores_metadata = all.stores_metadata && other.stores_metadata;
        all.multipart = all.multipart && other.multipart;
        all.uniform_parts = all.uniform_parts || other.uniform_parts;
        all.max_object_bytes = std::min(all.max_object_bytes, other.max_object_bytes);
        all.max_put_bytes = std::min(all.max_put_bytes, other.max_put_bytes);
        all.min_part_bytes = std::max(all.min_part_bytes, other.min_part_bytes);
        all.max_part_bytes = std::min(all.max_part_bytes, other.max_part_bytes);
        all.max_parts = std::min(all.max_parts, other.max_parts);
    }
    return all;
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == divider)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (std::size_t index = 0; index < parts.size(); ++index) text += (index == 0 ? "" : std::string(1, divider)) + parts[index];
    return text;
}

/// Outcomes of the same call at every store; nothing for a store that was left out.
template <class T>
using Outcomes = std::vector<std::optional<Result<T>>>;

/// Asks every store that works, all at once.
template <class T, class Ask>
Outcomes<T> ask_all(Mirrors& mirrors, Ask&& ask) {
    Outcomes<T> outcomes(mirrors.count());
    {
        std::vector<std::jthread> threads;
        for (std::size_t index = 0; index < mirrors.count(); ++index) {
            if (!mirrors.allows(index)) continue;
            threads.emplace_back([&, index] {
                outcomes[index] = ask(index);
                mirrors.note(index, *outcomes[index] ? nullptr : &outcomes[index]->error());
            });
        }
    }
    return outcomes;
}

/// Enough stores did it, or the first one's error.
template <class T>
Result<void> judge(const Mirrors& mirrors, const Outcomes<T>& outcomes, const char* operation) {
    std::uint32_t copies = 0;
    std::optional<Error> error;
    std::size_t failed = 0;
    for (std::size_t index = 0; index < outcomes.size(); ++index) {
        if (outcomes[index] && *outcomes[index]) {
            ++copies;
        } else if (!error) {
            failed = index;
            error = outcomes[index] ? outcomes[index]->error()
                                    : make_error(Errc::unavailable, operation, "the store is left alone since it kept failing");
        }
    }
    if (copies >= mirrors.least_copies()) return {};
    return std::move(*error).with("mirror", std::to_string(failed + 1)).with("copies", std::to_string(copies));
}

template <class T>
const T* first_good(const Outcomes<T>& outcomes) {
    for (const auto& outcome : outcomes) {
        if (outcome && *outcome) return &**outcome;
    }
    return nullptr;
}

/// The same upload at every store.
class MirroredUpload final : public MultipartUpload {
public:
    MirroredUpload(std::shared_ptr<Mirrors> mirrors, std::vector<std::unique_ptr<MultipartUpload>> uploads, std::string id,
                   std::uint32_t max_parts)
        : MultipartUpload(uploads.front()->key(), std::move(id), max_parts), mirrors_(std::move(mirrors)), uploads_(std::move(uploads)) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        if (!body.is_rewindable()) return make_error(Errc::unsupported, "storage.put_part", "a mirrored part must be readable again");
        if (body.has_room()) SF_TRY(body.load({}, 0, stop));  // once for all: they have one room
        const auto outcomes =
            ask_all<PartInfo>(*mirrors_, [&](std::size_t index) { return uploads_[index]->put_part(number, body, stop); });
        SF_TRY(all_of(outcomes));
        std::vector<std::string> etags;
        for (const auto& outcome : outcomes) etags.push_back((*outcome)->etag);
        PartInfo part = **outcomes.front();
        part.etag = join(etags);
        return part;
    }
    Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) override {
        const auto outcomes =
            ask_all<std::vector<PartInfo>>(*mirrors_, [&](std::size_t index) { return uploads_[index]->list_parts(stop); });
        SF_TRY(all_of(outcomes));
        std::vector<PartInfo> common;
        for (auto part : **outcomes.front()) {
            std::vector<std::string> etags;
            for (const auto& outcome : outcomes) {
                const auto found = std::find_if((*outcome)->begin(), (*outcome)->end(),
                                                [&](const PartInfo& other) { return other.number == part.number; });
                if (found != (*outcome)->end() && found->size_bytes == part.size_bytes) etags.push_back(found->etag);
            }
            if (etags.size() != uploads_.size()) continue;
            part.etag = join(etags);
            common.push_back(std::move(part));
        }
        return common;
    }
    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        const auto outcomes = ask_all<ObjectInfo>(*mirrors_, [&](std::size_t index) -> Result<ObjectInfo> {
            std::vector<PartInfo> own(parts.begin(), parts.end());
            for (auto& part : own) {
                const auto etags = split(part.etag);
                if (etags.size() != uploads_.size())
                    return make_error(Errc::integrity, "storage.complete", "the part is not of this upload");
                part.etag = etags[index];
            }
            return uploads_[index]->complete(own, stop);
        });
        SF_TRY(all_of(outcomes));
        const auto info = **outcomes.front();
        mirrors_->remember(info);
        return info;
    }
    Result<void> do_abort() override {
        Result<void> outcome;
        for (const auto& upload : uploads_) {
            if (auto done = upload->abort(); !done) outcome = std::move(done);
        }
        return outcome;
    }

    /// Of an upload every store must have every part.
    template <class T>
    Result<void> all_of(const Outcomes<T>& outcomes) const {
        for (std::size_t index = 0; index < outcomes.size(); ++index) {
            if (!outcomes[index])
                return make_error(Errc::unavailable, "storage.multipart", "a mirror is left alone since it kept failing")
                    .with("mirror", std::to_string(index + 1));
            if (!*outcomes[index]) return Error(outcomes[index]->error()).with("mirror", std::to_string(index + 1));
        }
        return {};
    }

    std::shared_ptr<Mirrors> mirrors_;
    std::vector<std::unique_ptr<MultipartUpload>> uploads_;
};

class MirroredStore final : public ObjectStore {
public:
    MirroredStore(std::vector<std::shared_ptr<ObjectStore>> stores, const MirrorOptions& options)
        : ObjectStore(common_capabilities(stores)),
          mirrors_(std::make_shared<Mirrors>(std::move(stores), options)),
          memory_(stream_memory_bytes) {}

private:
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        if (!body.is_rewindable() && capabilities().multipart) {
            SF_ASSIGN(auto report, upload_stream(*this, std::move(body), {}, {}, key, options, {}, memory_, std::move(stop)));
            return std::move(report.info);
        }
        if (body.is_rewindable()) return put_everywhere(key, body, options, stop);
        SF_ASSIGN(const auto view, body.load({}, stream_memory_bytes, stop));
        return put_everywhere(key, Body(view), options, stop);  // a view: each store is given a copy of the body
    }

    Result<ObjectInfo> put_everywhere(const std::string& key, const Body& body, const PutOptions& options, const std::stop_token& stop) {
        auto rest = options;
        std::optional<std::size_t> decided;
        std::optional<ObjectInfo> first;
        if (options.if_none_match || !options.if_match.empty()) {
            // One store decides whether the condition holds; the others follow it.
            SF_ASSIGN(first, mirrors_->first<ObjectInfo>([&](std::size_t index) {
                decided = index;
                return mirrors_->store(index).put(key, body, options, stop);
            }));
            rest.if_none_match = false;
            rest.if_match.clear();
        }
        const auto outcomes = ask_all<ObjectInfo>(*mirrors_, [&](std::size_t index) -> Result<ObjectInfo> {
            SF_ASSIGN(auto info, index == decided ? Result<ObjectInfo>(*first) : mirrors_->store(index).put(key, body, rest, stop));
            if (!mirrors_->options().verify) return info;
            SF_ASSIGN(const auto held, mirrors_->store(index).head(key, stop));
            if (held.size_bytes != info.size_bytes || held.etag != info.etag) {
                return make_error(Errc::integrity, "storage.put", "the mirror holds something else than was written").with("key", key);
            }
            info.checksum = held.checksum;
            return info;
        });
        SF_TRY(judge(*mirrors_, outcomes, "storage.put"));
        SF_TRY(compare(outcomes, key));
        const auto info = *first_good(outcomes);
        mirrors_->remember(info);
        return info;
    }

    static Result<void> compare(const Outcomes<ObjectInfo>& outcomes, const std::string& key) {
        const auto* first = first_good(outcomes);
        for (const auto& outcome : outcomes) {
            if (!outcome || !*outcome) continue;
            const bool same_sum = first->checksum.empty() || (*outcome)->checksum.empty() || first->checksum == (*outcome)->checksum;
            if ((*outcome)->size_bytes != first->size_bytes || !same_sum) {
                return make_error(Errc::integrity, "storage.put", "the mirrors do not hold the same bytes").with("key", key);
            }
        }
        return {};
    }

    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        return open_mirrored_reader(mirrors_, key, options, std::move(stop));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        auto info = mirrors_->first<ObjectInfo>([&](std::size_t index) { return mirrors_->store(index).head(key, stop); });
        if (info) mirrors_->remember(*info);
        return info;
    }
    /// Tokens say which store gave them: another one would not understand them.
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        const auto list_at = [&](std::size_t index, const std::string& token) -> Result<ListAnswer> {
            auto& store = mirrors_->store(index);
            ListAnswer answer;
            if (request.uploads) {
                SF_ASSIGN(auto page, store.list_uploads(request.options.prefix, token, stop));
                answer.uploads = std::move(page.uploads);
                answer.page.next_page_token = std::move(page.next_page_token);
            } else {
                auto options = request.options;
                options.page_token = token;
                SF_ASSIGN(answer.page, store.list(options, stop));
            }
            if (!answer.page.next_page_token.empty())
                answer.page.next_page_token = std::to_string(index) + ':' + answer.page.next_page_token;
            return answer;
        };
        const auto& token = request.options.page_token;
        if (token.empty()) return mirrors_->first<ListAnswer>([&](std::size_t index) { return list_at(index, {}); });
        const auto colon = token.find(':');
        const auto index = colon == 1 ? static_cast<std::size_t>(token[0] - '0') : mirrors_->count();
        if (index >= mirrors_->count())
            return make_error(Errc::invalid_argument, "storage.list", "the page token is not one of this store");
        return list_at(index, token.substr(2));
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        const auto outcomes =
            ask_all<RemoveReport>(*mirrors_, [&](std::size_t index) { return mirrors_->store(index).remove(keys, stop); });
        SF_TRY(judge(*mirrors_, outcomes, "storage.remove"));
        RemoveReport worst = *first_good(outcomes);
        for (const auto& outcome : outcomes) {
            if (outcome && *outcome && (*outcome)->failed.size() > worst.failed.size()) worst = **outcome;
        }
        return worst;
    }
    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        const auto outcomes =
            ask_all<ObjectInfo>(*mirrors_, [&](std::size_t index) { return mirrors_->store(index).copy(from, to, options, stop); });
        SF_TRY(judge(*mirrors_, outcomes, "storage.copy"));
        return *first_good(outcomes);
    }
    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token stop) override {
        const auto ids = split(request.upload_id);
        if (!request.upload_id.empty() && ids.size() != mirrors_->count()) {
            return make_error(Errc::not_found, "storage.resume_multipart", "the upload is not one of these stores");
        }
        std::vector<std::unique_ptr<MultipartUpload>> uploads;
        std::vector<std::string> names;
        for (std::size_t index = 0; index < mirrors_->count(); ++index) {
            auto& store = mirrors_->store(index);
            auto upload = request.upload_id.empty() ? store.begin_multipart(key, request.options, stop)
                                                    : store.resume_multipart(key, ids[index], request.options, stop);
            mirrors_->note(index, upload ? nullptr : &upload.error());
            if (!upload) {
                if (request.upload_id.empty()) {
                    for (const auto& begun : uploads) (void)begun->abort();
                }
                return std::move(upload).error().with("mirror", std::to_string(index + 1));
            }
            names.push_back((*upload)->upload_id());
            uploads.push_back(*std::move(upload));
        }
        return std::unique_ptr<MultipartUpload>(
            std::make_unique<MirroredUpload>(mirrors_, std::move(uploads), join(names), capabilities().max_parts));
    }
    Result<PresignedRequest> do_presign(const std::string& key, const PresignOptions& options) override {
        return mirrors_->first<PresignedRequest>([&](std::size_t index) { return mirrors_->store(index).presign(key, options); });
    }

    std::shared_ptr<Mirrors> mirrors_;
    ByteBudget memory_;
};

}  // namespace

Result<std::shared_ptr<ObjectStore>> make_mirrored_store(std::vector<std::shared_ptr<ObjectStore>> stores, const MirrorOptions& options) {
    const auto bad = [](const char* message) { return make_error(Errc::invalid_argument, "storage.mirrored", message); };
    if (stores.empty() || stores.size() > 10) return bad("stores: from 1 to 10");
    if (std::any_of(stores.begin(), stores.end(), [](const auto& store) { return !store; })) return bad("stores: none may be empty");
    if (options.least_copies > stores.size()) return bad("least_copies: more than there are stores");
    if (options.failures_to_open == 0 || options.failures_to_open > 1000) return bad("failures_to_open must be from 1 to 1000");
    return std::shared_ptr<ObjectStore>(std::make_shared<MirroredStore>(std::move(stores), options));
}

}  // namespace streamforge::storage
