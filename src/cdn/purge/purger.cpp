#include <streamforge/cdn/purge.hpp>

#include <algorithm>

#include <streamforge/crypto/hash.hpp>
#include <streamforge/http/url.hpp>

#include "cdn/policy_check.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

constexpr auto operation = "cdn.purge";
constexpr std::size_t max_item_bytes = 4096;
constexpr std::size_t max_remote_text_bytes = 2048;

Result<void> check_list(std::string_view field, const std::vector<std::string>& items, bool known, const std::string& provider) {
    if (items.empty()) return {};
    if (!known)
        return make_error(Errc::unsupported, operation, provider + " cannot purge by " + std::string(field))
            .with("field", std::string(field));
    for (const std::string& item : items) {
        const auto is_bad = [](unsigned char c) { return c <= 0x20 || c > 0x7e || c == '<' || c == '>' || c == '"'; };
        if (item.empty() || item.size() > max_item_bytes || std::ranges::any_of(item, is_bad)) {
            return refused_field(field, "must hold printable ASCII without spaces").with("item", item.substr(0, 100));
        }
    }
    return {};
}

Error failure_of(const http::Response& response) {
    const int status = response.status;
    const std::string text(response.body.begin(),
                           response.body.begin() + static_cast<std::ptrdiff_t>(std::min(response.body.size(), max_remote_text_bytes)));
    const bool busy = status == 429 || text.find("TooManyInvalidationsInProgress") != std::string::npos;
    const Errc code = busy                             ? Errc::throttled
                      : status == 401                  ? Errc::unauthenticated
                      : status == 403                  ? Errc::permission_denied
                      : status == 404                  ? Errc::not_found
                      : status == 408 || status >= 500 ? Errc::unavailable
                                                       : Errc::invalid_argument;
    Error error = make_error(code, operation, "the provider refused the purge");
    error.retry = code == Errc::throttled || code == Errc::unavailable ? Retry::later : Retry::never;
    error.native_domain = NativeDomain::http;
    error.native_code = status;
    error.remote_text = text;
    return error;
}

}  // namespace

Result<void> PurgerOptions::validate() const {
    if (!clock) return refused_field("clock", "must be set");
    if (!random) return refused_field("random", "must be set");
    if (!sleep) return refused_field("sleep", "must be set");
    if (deadline.count() <= 0) return refused_field("deadline", "must be positive");
    return retry.validate();
}

Purger::Purger(PurgeCapabilities capabilities, std::shared_ptr<http::Transport> transport, PurgerOptions options)
    : capabilities_(std::move(capabilities)),
      transport_(std::move(transport)),
      options_(std::move(options)),
      retrier_(options_.retry, options_.random, options_.sleep) {}

Purger::~Purger() = default;

std::chrono::milliseconds Purger::do_wait(const PurgeCall&) { return {}; }

Result<std::vector<PurgeCall>> Purger::plan(const PurgeRequest& request) const {
    const std::size_t items = request.urls.size() + request.prefixes.size() + request.tags.size() + request.hosts.size();
    if (request.everything == (items > 0)) {
        return refused_field("everything", items > 0 ? "cannot stand beside a list" : "must be set, or a list given");
    }
    SF_TRY(check_list("urls", request.urls, capabilities_.urls, capabilities_.provider));
    SF_TRY(check_list("prefixes", request.prefixes, capabilities_.prefixes, capabilities_.provider));
    SF_TRY(check_list("tags", request.tags, capabilities_.tags, capabilities_.provider));
    SF_TRY(check_list("hosts", request.hosts, capabilities_.hosts, capabilities_.provider));
    const auto cannot = [&](std::string_view field, const std::string& what) {
        return make_error(Errc::unsupported, operation, capabilities_.provider + what).with("field", std::string(field));
    };
    if (request.everything && !capabilities_.everything) return cannot("everything", " cannot purge everything at once");
    if (request.soft && !capabilities_.soft) return cannot("soft", " has no soft purge");
    if (request.soft && request.everything && !capabilities_.soft_everything) return cannot("soft", " cannot purge everything softly");
    const auto too_many = [&](std::string_view field, std::size_t limit) {
        return make_error(Errc::limit_exceeded, operation, "the provider takes no more at once")
            .with("field", std::string(field))
            .with("limit", std::to_string(limit));
    };
    if (capabilities_.max_items > 0 && items > capabilities_.max_items) return too_many("urls", capabilities_.max_items);
    return do_plan(request);
}

Result<std::string> Purger::attempt(const PurgeCall& call, std::stop_token stop) {
    http::Request request;
    request.method = call.method;
    SF_ASSIGN(request.url, http::parse_url(call.url));
    for (const auto& [name, value] : call.headers) request.headers.set(name, value);
    request.body = http::RequestBody(crypto::bytes_of(call.body));
    request.deadline = options_.deadline;
    SF_TRY(do_authorise(call, request));
    SF_ASSIGN(const http::Response response, transport_->send(request, stop));
    if (response.status >= 200 && response.status < 300) return do_read(response);
    Error error = failure_of(response);
    if (const auto asked = http::retry_after(response.headers))
        error = std::move(error).with("retry_after_ms", std::to_string(asked->count()));
    return error;
}

Result<std::string> Purger::carry_out(const PurgeCall& call, std::stop_token stop) {
    auto attempts = retrier_.begin();
    for (;;) {
        if (const auto pause = do_wait(call); pause.count() > 0) SF_TRY(options_.sleep(pause, stop));
        auto done = attempt(call, stop);
        if (done) {
            attempts.succeeded();
            return done;
        }
        const Error& error = done.error();
        if (error.code == Errc::cancelled || error.retry == Retry::never) return done;
        std::optional<std::chrono::milliseconds> asked;
        for (const auto& [name, value] : error.context) {
            if (name == "retry_after_ms") asked = std::chrono::milliseconds(std::stoll(value));
        }
        const auto kind = error.code == Errc::throttled ? http::RetryKind::throttling : http::RetryKind::transient;
        SF_ASSIGN(const bool again, attempts.again(kind, asked, stop));
        if (!again) return done;
    }
}

Result<PurgeReport> Purger::purge(const PurgeRequest& request, std::stop_token stop) {
    SF_ASSIGN(std::vector<PurgeCall> calls, plan(request));
    PurgeReport report;
    for (PurgeCall& call : calls) {
        auto done = carry_out(call, stop);
        if (!done && done.error().code == Errc::cancelled) return std::move(done).error();
        PurgeOutcome outcome{std::move(call), {}, {}};
        if (done) {
            outcome.id = *std::move(done);
        } else {
            outcome.error = std::move(done).error();
        }
        report.outcomes.push_back(std::move(outcome));
    }
    return report;
}

}  // namespace streamforge::cdn
