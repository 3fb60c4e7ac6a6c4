#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>

#include <streamforge/cdn/multi_cdn.hpp>
#include <streamforge/crypto/hash.hpp>

#include "cdn/policy_check.hpp"
#include "cdn/steering/pathway.hpp"
#include "core/try.hpp"

namespace streamforge::cdn {
namespace {

using TimePointMs = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

/// Short, too: ids stand in players' requests.
bool is_member_id(std::string_view id) { return id.size() <= 32 && is_pathway_id(id); }

/// A number in (0, 1) that depends on session and member alone.
double draw(std::string_view session, std::string_view id) {
    const crypto::Digest digest = crypto::Hasher().update(session).update(std::string_view("\0", 1)).update(id).finish();
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits = bits << 8U | digest.bytes()[i];
    return (static_cast<double>(bits >> 11U) + 0.5) / 9007199254740992.0;  // 2^53
}

/// Weighted rendezvous hashing: the highest score wins, and shares follow the weights.
double score(std::string_view session, const CdnMember& member) {
    return -static_cast<double>(member.weight) / std::log(draw(session, member.id));
}

/// Recent outcomes of one member.
struct Record {
    double failures = 0;
    double total = 0;
    double first_byte_ms_sum = 0;
    double successes = 0;
    TimePointMs updated;
    CdnCondition condition = CdnCondition::serving;
    TimePointMs resting_since;

    void fade(TimePointMs now, std::chrono::seconds half_life) {
        const auto passed = static_cast<double>((now - updated).count()) / 1000.0;
        if (passed <= 0) return;
        const double factor = std::exp2(-passed / static_cast<double>(half_life.count()));
        for (double* value : {&failures, &total, &first_byte_ms_sum, &successes}) *value *= factor;
        updated = now;
    }
    [[nodiscard]] double failure_share() const { return total > 0 ? failures / total : 0; }
};

}  // namespace

Result<void> SelectorOptions::validate() const {
    if (!clock) return refused_field("clock", "must be set");
    if (half_life.count() <= 0) return refused_field("half_life", "must be positive");
    if (rest.count() < 0) return refused_field("rest", "must not be negative");
    if (!(close_at >= 0 && close_at < open_at && open_at <= 1))
        return refused_field("close_at", "must be below open_at, both within 0 to 1");
    if (!(min_observations >= 1)) return refused_field("min_observations", "must be at least 1");
    return {};
}

struct CdnSelector::State {
    SelectorOptions options;
    mutable std::mutex mutex;
    // Guarded by `mutex`:
    std::vector<CdnMember> members;
    mutable std::vector<Record> records;  ///< One for each member.

    [[nodiscard]] TimePointMs now() const { return std::chrono::floor<std::chrono::milliseconds>(options.clock()); }

    [[nodiscard]] std::optional<std::size_t> index_locked(std::string_view id) const {
        const auto found = std::ranges::find(members, id, &CdnMember::id);
        if (found == members.end()) return std::nullopt;
        return static_cast<std::size_t>(found - members.begin());
    }

    /// Brings a member's record to `at` and moves its condition on.
    void settle_locked(std::size_t index, TimePointMs at) const {
        Record& record = records[index];
        record.fade(at, options.half_life);
        switch (record.condition) {
            case CdnCondition::serving:
                if (record.total >= options.min_observations && record.failure_share() > options.open_at) {
                    record.condition = CdnCondition::resting;
                    record.resting_since = at;
                }
                break;
            case CdnCondition::resting:
                if (at - record.resting_since >= options.rest) {
                    record = Record{};  // what was seen before its rest says nothing about now
                    record.updated = at;
                    record.condition = CdnCondition::probing;
                }
                break;
            case CdnCondition::probing:
                if (record.total >= 1 && record.failure_share() > options.open_at) {
                    record.condition = CdnCondition::resting;
                    record.resting_since = at;
                } else if (record.total >= std::max(1.0, options.min_observations / 2) && record.failure_share() < options.close_at) {
                    record.condition = CdnCondition::serving;
                }
                break;
            case CdnCondition::drained: break;
        }
    }
};

CdnSelector::CdnSelector(std::unique_ptr<State> state) : state_(std::move(state)) {}
CdnSelector::~CdnSelector() = default;

Result<std::unique_ptr<CdnSelector>> CdnSelector::make(std::vector<CdnMember> members, SelectorOptions options) {
    SF_TRY(options.validate());
    if (members.empty()) return refused_field("members", "must not be empty");
    std::set<std::string_view> ids;
    for (const CdnMember& member : members) {
        if (!is_member_id(member.id)) return refused_field("members", "must have ids of 1 to 32 letters, digits, '.', '-' and '_'");
        if (!ids.insert(member.id).second) return refused_field("members", "must have different ids").with("id", member.id);
        if (!is_host_name(member.host)) return refused_field("members", "must have host names in lower case").with("id", member.id);
    }
    auto state = std::make_unique<State>();
    state->options = std::move(options);
    state->members = std::move(members);
    state->records.resize(state->members.size());
    for (Record& record : state->records) record.updated = state->now();
    return std::unique_ptr<CdnSelector>(new CdnSelector(std::move(state)));
}

std::vector<std::string> CdnSelector::rank(std::string_view session, std::string_view region) const {
    struct Candidate {
        int tier;
        double score;
        std::string_view id;
    };
    const std::lock_guard lock(state_->mutex);
    const TimePointMs now = state_->now();
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < state_->members.size(); ++i) {
        const CdnMember& member = state_->members[i];
        const bool elsewhere = !member.regions.empty() && std::ranges::find(member.regions, region) == member.regions.end();
        if (member.drained || elsewhere) continue;
        state_->settle_locked(i, now);
        const CdnCondition condition = state_->records[i].condition;
        const int tier = condition == CdnCondition::serving ? (member.weight > 0 ? 0 : 1) : condition == CdnCondition::probing ? 2 : 3;
        candidates.push_back({tier, score(session, member), member.id});
    }
    std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
        if (a.tier != b.tier) return a.tier < b.tier;
        return a.score != b.score ? a.score > b.score : a.id < b.id;
    });
    std::vector<std::string> ids;
    for (const Candidate& candidate : candidates) ids.emplace_back(candidate.id);
    return ids;
}

void CdnSelector::report(std::string_view id, bool succeeded, std::chrono::milliseconds time_to_first_byte) {
    const std::lock_guard lock(state_->mutex);
    const auto index = state_->index_locked(id);
    if (!index) return;
    const TimePointMs now = state_->now();
    state_->settle_locked(*index, now);
    Record& record = state_->records[*index];
    record.total += 1;
    if (succeeded) {
        record.successes += 1;
        record.first_byte_ms_sum += static_cast<double>(time_to_first_byte.count());
    } else {
        record.failures += 1;
    }
    state_->settle_locked(*index, now);
}

Result<CdnHealth> CdnSelector::health(std::string_view id) const {
    const std::lock_guard lock(state_->mutex);
    const auto index = state_->index_locked(id);
    if (!index) return make_error(Errc::not_found, "cdn.selector", "there is no CDN of this id").with("id", std::string(id));
    state_->settle_locked(*index, state_->now());
    const Record& record = state_->records[*index];
    CdnHealth health;
    health.condition = state_->members[*index].drained ? CdnCondition::drained : record.condition;
    health.failure_share = record.failure_share();
    health.observations = record.total;
    if (record.successes > 0)
        health.time_to_first_byte = std::chrono::milliseconds(std::llround(record.first_byte_ms_sum / record.successes));
    return health;
}

Result<void> CdnSelector::set_weight(std::string_view id, std::uint32_t weight) {
    const std::lock_guard lock(state_->mutex);
    const auto index = state_->index_locked(id);
    if (!index) return make_error(Errc::not_found, "cdn.selector", "there is no CDN of this id").with("id", std::string(id));
    state_->members[*index].weight = weight;
    return {};
}

Result<void> CdnSelector::set_drained(std::string_view id, bool drained) {
    const std::lock_guard lock(state_->mutex);
    const auto index = state_->index_locked(id);
    if (!index) return make_error(Errc::not_found, "cdn.selector", "there is no CDN of this id").with("id", std::string(id));
    state_->members[*index].drained = drained;
    return {};
}

Result<CdnMember> CdnSelector::member(std::string_view id) const {
    const std::lock_guard lock(state_->mutex);
    const auto index = state_->index_locked(id);
    if (!index) return make_error(Errc::not_found, "cdn.selector", "there is no CDN of this id").with("id", std::string(id));
    return state_->members[*index];
}

}  // namespace streamforge::cdn
