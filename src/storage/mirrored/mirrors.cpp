#include "storage/mirrored/mirrors.hpp"

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

constexpr std::size_t max_versions = 10'000;

std::string name_of(const std::string& key, const std::string& etag) { return key + '\n' + etag; }

/// Goes on elsewhere, in the same version, where a store fails.
class MirroredReader final : public ObjectReader {
public:
    MirroredReader(std::shared_ptr<Mirrors> mirrors, std::size_t index, std::unique_ptr<ObjectReader> reader, std::stop_token stop)
        : ObjectReader(reader->info(), reader->range()),
          mirrors_(std::move(mirrors)),
          index_(index),
          reader_(std::move(reader)),
          stop_(std::move(stop)) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        for (std::size_t moves = 0;; ++moves) {
            auto count = reader_->read(into);
            if (count) {
                done_ += *count;
                return count;
            }
            if (!Mirrors::is_failure(count.error()) || moves == mirrors_->count()) return count;
            mirrors_->note(index_, &count.error());
            if (!move_on()) return count;
        }
    }

    bool move_on() {
        const ByteRange rest{range().offset + done_, range().length - done_};
        for (std::size_t step = 1; step <= mirrors_->count(); ++step) {
            const auto index = (index_ + step) % mirrors_->count();
            if (!mirrors_->allows(index)) continue;
            auto& store = mirrors_->store(index);
            const auto other = store.head(info().key, stop_);
            mirrors_->note(index, other ? nullptr : &other.error());
            if (!other || !same_version(info(), *other)) continue;
            auto reader = store.get(info().key, {.range = rest, .if_match = other->etag}, stop_);
            if (!reader) continue;
            index_ = index;
            reader_ = *std::move(reader);
            return true;
        }
        return false;
    }

    std::shared_ptr<Mirrors> mirrors_;
    std::size_t index_;
    std::unique_ptr<ObjectReader> reader_;
    std::stop_token stop_;
    std::uint64_t done_ = 0;
};

/// What to demand of store `index` so that it gives the version that `etag` names at another one.
Result<GetOptions> options_for(Mirrors& mirrors, std::size_t index, const std::string& key, const GetOptions& options,
                               const std::stop_token& stop) {
    if (options.if_match.empty()) return options;
    const auto wanted = mirrors.recall(key, options.if_match);
    if (!wanted) return options;
    SF_ASSIGN(const auto here, mirrors.store(index).head(key, stop));
    if (here.etag == options.if_match || !same_version(*wanted, here)) return options;
    auto translated = options;
    translated.if_match = here.etag;
    return translated;
}

}  // namespace

Mirrors::Mirrors(std::vector<std::shared_ptr<ObjectStore>> stores, MirrorOptions options)
    : stores_(std::move(stores)), options_(std::move(options)) {
    if (!options_.now) options_.now = [] { return std::chrono::steady_clock::now(); };
    for (std::size_t index = 0; index < stores_.size(); ++index) {
        breakers_.push_back(std::make_unique<CircuitBreaker>(options_.failures_to_open, options_.open_for));
    }
}

bool Mirrors::allows(std::size_t index) { return breakers_[index]->allows(options_.now()); }

void Mirrors::note(std::size_t index, const Error* error) {
    if (error == nullptr || !is_failure(*error)) {
        if (error == nullptr || error->code != Errc::cancelled) breakers_[index]->succeeded();
        return;
    }
    if (breakers_[index]->failed(options_.now()) && options_.log) {
        options_.log(
            LogLevel::warning, "storage.mirrored",
            "store " + std::to_string(index + 1) + " (" + store(index).capabilities().place + ") is left alone: " + error->describe());
    }
}

bool Mirrors::is_failure(const Error& error) noexcept {
    switch (error.code) {
        case Errc::network:
        case Errc::timed_out:
        case Errc::throttled:
        case Errc::unavailable:
        case Errc::unauthenticated:
        case Errc::integrity:
        case Errc::io: return true;
        default: return false;
    }
}

void Mirrors::remember(const ObjectInfo& info) {
    if (info.etag.empty()) return;
    const std::lock_guard lock(mutex_);
    if (versions_.size() >= max_versions) versions_.clear();
    versions_[name_of(info.key, info.etag)] = info;
}

std::optional<ObjectInfo> Mirrors::recall(const std::string& key, const std::string& etag) const {
    const std::lock_guard lock(mutex_);
    const auto found = versions_.find(name_of(key, etag));
    return found == versions_.end() ? std::nullopt : std::optional(found->second);
}

bool same_version(const ObjectInfo& a, const ObjectInfo& b) noexcept {
    if (a.size_bytes != b.size_bytes) return false;
    if (!a.checksum.empty() && !b.checksum.empty()) return a.checksum == b.checksum;
    return a.etag == b.etag;
}

Result<std::unique_ptr<ObjectReader>> open_mirrored_reader(std::shared_ptr<Mirrors> mirrors, const std::string& key,
                                                           const GetOptions& options, std::stop_token stop) {
    std::size_t at = 0;
    SF_ASSIGN(auto reader, mirrors->first<std::unique_ptr<ObjectReader>>([&](std::size_t index) -> Result<std::unique_ptr<ObjectReader>> {
        at = index;
        SF_ASSIGN(const auto here, options_for(*mirrors, index, key, options, stop));
        return mirrors->store(index).get(key, here, stop);
    }));
    mirrors->remember(reader->info());
    return std::unique_ptr<ObjectReader>(std::make_unique<MirroredReader>(std::move(mirrors), at, std::move(reader), std::move(stop)));
}

}  // namespace streamforge::storage
