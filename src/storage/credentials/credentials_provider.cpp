#include <streamforge/storage/credentials.hpp>

#include <cstdlib>

namespace streamforge::storage {
namespace {

constexpr std::chrono::seconds refresh_ahead{300};
constexpr std::chrono::seconds last_moment{10};

class StaticProvider final : public CredentialsProvider {
public:
    StaticProvider(std::string id, Secret secret, Secret token)
        : CredentialsProvider(system_clock()), id_(std::move(id)), secret_(std::move(secret)), token_(std::move(token)) {}

private:
    Result<Credentials> do_fetch(std::stop_token) override { return Credentials{id_, secret_.clone(), token_.clone(), std::nullopt}; }
    std::string id_;
    Secret secret_;
    Secret token_;
};

}  // namespace

CredentialsProvider::~CredentialsProvider() = default;

std::shared_ptr<const Credentials> CredentialsProvider::current(std::chrono::seconds margin) const {
    const std::lock_guard lock(mutex_);
    if (!current_) return nullptr;
    if (current_->expires_at && *current_->expires_at - clock_() < margin) return nullptr;
    return current_;
}

Result<std::shared_ptr<const Credentials>> CredentialsProvider::get(std::stop_token stop) {
    if (auto held = current(refresh_ahead)) return held;
    std::unique_lock fetching(fetching_, std::defer_lock);
    if (!fetching.try_lock()) {
        // Another thread renews them: what is still valid will do meanwhile.
        if (auto held = current(last_moment)) return held;
        fetching.lock();
    }
    if (auto held = current(refresh_ahead)) return held;
    auto fetched = do_fetch(std::move(stop));
    if (!fetched) {
        if (auto held = current(last_moment)) return held;
        return std::move(fetched).error();
    }
    auto fresh = std::make_shared<const Credentials>(*std::move(fetched));
    const std::lock_guard lock(mutex_);
    current_ = fresh;
    return fresh;
}

void CredentialsProvider::reject(const std::shared_ptr<const Credentials>& rejected) {
    const std::lock_guard lock(mutex_);
    if (current_ == rejected) current_.reset();
}

Environment process_environment() {
    return [](std::string_view name) -> std::optional<std::string> {
        const char* value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return std::string(value);
    };
}

std::shared_ptr<CredentialsProvider> make_static_credentials(std::string access_key_id, Secret secret_access_key, Secret session_token) {
    return std::make_shared<StaticProvider>(std::move(access_key_id), std::move(secret_access_key), std::move(session_token));
}

std::shared_ptr<CredentialsProvider> make_anonymous_credentials() { return make_static_credentials({}, Secret{}, Secret{}); }

}  // namespace streamforge::storage
