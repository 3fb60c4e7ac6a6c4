#include "storage/transfer/upload_state.hpp"

namespace streamforge::storage {
namespace {

using Phase = UploadState::Phase;
using Kind = UploadStep::Kind;

void fail(UploadState& state, Error error) {
    if (state.phase == Phase::finished) return;
    if (!state.failure) state.failure = std::move(error);
    state.phase = Phase::failed;
}

void skip_known(UploadState& state) {
    while (state.acknowledged.contains(state.next)) ++state.next;
}

struct Apply {
    UploadState& state;

    void operator()(const PartBegun& event) const {
        state.on_the_way.insert(event.number);
        if (event.number == state.next) ++state.next;
        skip_known(state);
    }
    void operator()(PartAcknowledged& event) const {
        state.on_the_way.erase(event.part.number);
        state.acknowledged[event.part.number] = std::move(event.part);
    }
    void operator()(PartFailed& event) const {
        state.on_the_way.erase(event.number);
        fail(state, std::move(event.error));
    }
    void operator()(const StreamEnded& event) const {
        state.on_the_way.erase(event.number);
        // An empty stream is one empty part.
        const auto last = event.number == 1 ? 1 : event.number - 1;
        if (!state.last || last < *state.last) state.last = last;
    }
    void operator()(const CompletionBegun&) const { state.phase = Phase::completing; }
    void operator()(const Completed&) const { state.phase = Phase::finished; }
    void operator()(UploadFailed& event) const { fail(state, std::move(event.error)); }
};

}  // namespace

UploadState::UploadState(PartPlan the_plan) : plan(the_plan) {
    if (plan.size_bytes) last = plan.count();
}

UploadState::UploadState(PartPlan the_plan, const std::vector<PartInfo>& held) : UploadState(the_plan) {
    for (const auto& part : held) acknowledged[part.number] = part;
    skip_known(*this);
}

std::vector<PartInfo> UploadState::parts() const {
    std::vector<PartInfo> all;
    all.reserve(acknowledged.size());
    for (const auto& [number, part] : acknowledged) all.push_back(part);
    return all;
}

std::uint64_t UploadState::acknowledged_bytes() const noexcept {
    std::uint64_t bytes = 0;
    for (const auto& [number, part] : acknowledged) bytes += part.size_bytes;
    return bytes;
}

UploadStep next_step(const UploadState& state) {
    switch (state.phase) {
        case Phase::finished: return {Kind::stop};
        case Phase::completing: return {Kind::wait};
        case Phase::failed: return {state.on_the_way.empty() ? Kind::stop : Kind::wait};
        case Phase::sending: break;
    }
    const bool more = !state.last || state.next <= *state.last;
    if (more) return {Kind::send_part, state.next};
    return {state.on_the_way.empty() ? Kind::complete : Kind::wait};
}

void apply(UploadState& state, UploadEvent event) { std::visit(Apply{state}, event); }

}  // namespace streamforge::storage
