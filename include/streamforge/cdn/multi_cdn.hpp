#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/cdn/url_signer.hpp>
#include <streamforge/core/clock.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>

namespace streamforge::cdn {

/// One CDN of several that deliver the same files.
struct CdnMember {
    std::string id;                           ///< Its pathway: 1 to 32 of [A-Za-z0-9._-].
    std::string host;                         ///< "cdn-a.example.com", in lower case.
    std::uint32_t weight = 1;                 ///< Share of the sessions, relative to the others. 0: only when no other is left.
    bool drained = false;                     ///< Gets no sessions, and keeps none.
    std::vector<std::string> regions;         ///< Serves these only; empty: all.
    std::shared_ptr<const UrlSigner> signer;  ///< Null: its files are open.
};

struct SelectorOptions {
    Clock clock = system_clock();
    /// How fast old observations fade: after this time they count half.
    std::chrono::seconds half_life{30};
    /// A CDN is taken out when its share of failures rises above `open_at`, and comes back below `close_at`.
    double open_at = 0.5;
    double close_at = 0.1;
    double min_observations = 10;   ///< Before a CDN can be taken out, fading included.
    std::chrono::seconds rest{30};  ///< How long one that was taken out gets no sessions, before it is tried again.

    /// *Errors*: `invalid_argument`, with the context `field`.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

enum class CdnCondition : std::uint8_t {
    serving,
    resting,  ///< Taken out; gets no sessions until its rest is over.
    probing,  ///< After its rest: ranked last, until enough goes well.
    drained,
};

struct CdnHealth {
    CdnCondition condition = CdnCondition::serving;
    double failure_share = 0;                         ///< Of recent observations, 0 to 1.
    double observations = 0;                          ///< Recent ones, fading included.
    std::chrono::milliseconds time_to_first_byte{0};  ///< Mean of recent successes.
};

/// Chooses among CDNs: by weight, the same for a session each time, away from what fails.
///
/// A session's order depends on its name, the members and their health alone, so every server of a fleet finds the same.
/// When a weight changes, only the sessions that the change is about move (rendezvous hashing).
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT CdnSelector {
public:
    /// *Errors*: `invalid_argument`: options, no member, an id twice, a bad id or host.
    [[nodiscard]] static Result<std::unique_ptr<CdnSelector>> make(std::vector<CdnMember> members, SelectorOptions options = {});
    ~CdnSelector();

    /// Ids in the order in which the session should try them. Empty only when all are drained or serve other regions.
    [[nodiscard]] std::vector<std::string> rank(std::string_view session, std::string_view region = {}) const;
    /// One request's outcome, from players' reports (CMCD), logs or probes. Unknown ids are ignored.
    void report(std::string_view id, bool succeeded, std::chrono::milliseconds time_to_first_byte = {});
    /// *Errors*: `not_found`.
    [[nodiscard]] Result<CdnHealth> health(std::string_view id) const;
    /// Changes weight or drain of a member. *Errors*: `not_found`.
    [[nodiscard]] Result<void> set_weight(std::string_view id, std::uint32_t weight);
    [[nodiscard]] Result<void> set_drained(std::string_view id, bool drained);
    /// A copy of a member. *Errors*: `not_found`.
    [[nodiscard]] Result<CdnMember> member(std::string_view id) const;

private:
    struct State;
    explicit CdnSelector(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace streamforge::cdn
