#include <streamforge/storage/layers.hpp>

#include "core/try.hpp"
#include "storage/layers/layer.hpp"

namespace streamforge::storage {
namespace {

/// Whether a call may be made twice though its outcome is not known.
enum class Repeat : std::uint8_t { always, when_refused };

http::RetryKind kind_of(const Error& error, Repeat repeat) {
    if (error.code == Errc::throttled) return http::RetryKind::throttling;
    if (error.retry != Retry::later || repeat == Repeat::when_refused) return http::RetryKind::none;
    return http::RetryKind::transient;
}

template <class T, class Call>
Result<T> repeated(http::Retrier& retrier, Repeat repeat, const std::stop_token& stop, Call&& call) {
    auto attempts = retrier.begin();
    while (true) {
        Result<T> outcome = call();
        if (outcome) {
            attempts.succeeded();
            return outcome;
        }
        SF_ASSIGN(const bool again, attempts.again(kind_of(outcome.error(), repeat), std::nullopt, stop));
        if (!again) return outcome;
    }
}

/// Goes on in the same version where reading broke off.
class RetryingReader final : public ObjectReader {
public:
    RetryingReader(std::unique_ptr<ObjectReader> reader, std::shared_ptr<ObjectStore> store, std::shared_ptr<http::Retrier> retrier,
                   std::stop_token stop)
        : ObjectReader(reader->info(), reader->range()),
          reader_(std::move(reader)),
          store_(std::move(store)),
          retrier_(std::move(retrier)),
          stop_(std::move(stop)) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        auto attempts = retrier_->begin();
        while (true) {
            auto count = reader_ ? reader_->read(into) : open_rest(into);
            if (count) {
                done_ += *count;
                attempts.succeeded();
                return count;
            }
            reader_.reset();
            SF_ASSIGN(const bool again, attempts.again(kind_of(count.error(), Repeat::always), std::nullopt, stop_));
            if (!again) return count;
        }
    }
    Result<std::size_t> open_rest(std::span<std::uint8_t> into) {
        if (done_ == range().length) return std::size_t{0};
        const ByteRange rest{range().offset + done_, range().length - done_};
        SF_ASSIGN(reader_, store_->get(info().key, {.range = rest, .if_match = info().etag}, stop_));
        return reader_->read(into);
    }

    std::unique_ptr<ObjectReader> reader_;
    std::shared_ptr<ObjectStore> store_;
    std::shared_ptr<http::Retrier> retrier_;
    std::stop_token stop_;
    std::uint64_t done_ = 0;
};

class RetryingUpload final : public MultipartUpload {
public:
    RetryingUpload(std::unique_ptr<MultipartUpload> inner, std::shared_ptr<http::Retrier> retrier, std::uint32_t max_parts)
        : MultipartUpload(inner->key(), inner->upload_id(), max_parts), inner_(std::move(inner)), retrier_(std::move(retrier)) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        if (!body.is_rewindable()) return inner_->put_part(number, std::move(body), std::move(stop));
        return repeated<PartInfo>(*retrier_, Repeat::always, stop, [&] { return inner_->put_part(number, body, stop); });
    }
    Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) override {
        return repeated<std::vector<PartInfo>>(*retrier_, Repeat::always, stop, [&] { return inner_->list_parts(stop); });
    }
    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        return repeated<ObjectInfo>(*retrier_, Repeat::when_refused, stop, [&] { return inner_->complete(parts, stop); });
    }
    Result<void> do_abort() override {
        return repeated<void>(*retrier_, Repeat::always, {}, [&] { return inner_->abort(); });
    }

    std::unique_ptr<MultipartUpload> inner_;
    std::shared_ptr<http::Retrier> retrier_;
};

class RetryingStore final : public Layer {
public:
    RetryingStore(std::shared_ptr<ObjectStore> inner_store, http::RetryPolicy policy, Random random, http::Sleep sleep)
        : Layer(inner_store),
          shared_(std::move(inner_store)),
          retrier_(std::make_shared<http::Retrier>(policy, std::move(random), std::move(sleep))) {}

private:
    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        if (!body.is_rewindable()) return Layer::do_put(key, std::move(body), options, std::move(stop));
        const bool conditional = options.if_none_match || !options.if_match.empty();
        return repeated<ObjectInfo>(*retrier_, conditional ? Repeat::when_refused : Repeat::always, stop,
                                    [&] { return Layer::do_put(key, body, options, stop); });
    }
    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) override {
        SF_ASSIGN(auto reader, repeated<std::unique_ptr<ObjectReader>>(*retrier_, Repeat::always, stop,
                                                                       [&] { return Layer::do_get(key, options, stop); }));
        return std::unique_ptr<ObjectReader>(std::make_unique<RetryingReader>(std::move(reader), shared_, retrier_, std::move(stop)));
    }
    Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) override {
        return repeated<ObjectInfo>(*retrier_, Repeat::always, stop, [&] { return Layer::do_head(key, stop); });
    }
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        return repeated<ListAnswer>(*retrier_, Repeat::always, stop, [&] { return Layer::do_list(request, stop); });
    }
    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        return repeated<RemoveReport>(*retrier_, Repeat::always, stop, [&] { return Layer::do_remove(keys, stop); });
    }
    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        return repeated<ObjectInfo>(*retrier_, options.if_none_match ? Repeat::when_refused : Repeat::always, stop,
                                    [&] { return Layer::do_copy(from, to, options, stop); });
    }
    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token stop) override {
        const auto repeat = request.upload_id.empty() ? Repeat::when_refused : Repeat::always;
        SF_ASSIGN(auto upload, repeated<std::unique_ptr<MultipartUpload>>(*retrier_, repeat, stop,
                                                                          [&] { return Layer::do_multipart(key, request, stop); }));
        return std::unique_ptr<MultipartUpload>(std::make_unique<RetryingUpload>(std::move(upload), retrier_, capabilities().max_parts));
    }

    std::shared_ptr<ObjectStore> shared_;
    std::shared_ptr<http::Retrier> retrier_;
};

}  // namespace

std::shared_ptr<ObjectStore> make_retrying_store(std::shared_ptr<ObjectStore> inner, http::RetryPolicy policy, Random random,
                                                 http::Sleep sleep) {
    return std::make_shared<RetryingStore>(std::move(inner), policy, std::move(random), std::move(sleep));
}

}  // namespace streamforge::storage
