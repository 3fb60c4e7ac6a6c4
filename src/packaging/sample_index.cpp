#include <streamforge/packaging/sample_index.hpp>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "packaging/packed_column.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::uint64_t block_size = PackedColumn::block_size;

/// Where block n begins: what cannot be had from the block alone.
struct Checkpoint {
    std::int64_t dts = 0;
    std::uint64_t offset = 0;
    std::uint32_t run = 0;          ///< Run of adjacent samples that holds the block's first sample.
    std::uint32_t left_in_run = 0;  ///< Samples of that run from there on; filled in when the run ends.
};

}  // namespace

struct SampleIndex::Impl {
    PackedColumn durations;
    PackedColumn offsets_of_composition;
    PackedColumn sizes;
    PackedColumn run_lengths;  ///< Samples that lie without gaps between them.
    PackedColumn run_gaps;     ///< Bytes from the end of the run before to this one; negative when it goes back.
    std::vector<Checkpoint> checkpoints;
    std::vector<std::uint32_t> sync;  ///< Numbers of sync samples; unused when all are.
    bool all_sync = true;
    std::uint64_t size = 0;
    std::int64_t first_dts = 0;
    std::int64_t end_dts = 0;
    std::uint64_t total_bytes = 0;
};

struct SampleIndex::Cursor::State {
    const SampleIndex::Impl* index = nullptr;
    std::uint64_t number = 0;
    std::int64_t dts = 0;
    std::uint64_t offset = 0;
    std::size_t run = 0;
    std::uint64_t left_in_run = 0;
    std::size_t next_sync = 0;  ///< Position in `index->sync`.
    PackedColumn::Block durations{};
    PackedColumn::Block compositions{};
    PackedColumn::Block sizes{};

    void load_block() {
        const auto block = static_cast<std::size_t>(number / block_size);
        index->durations.unpack(block, durations);
        index->offsets_of_composition.unpack(block, compositions);
        index->sizes.unpack(block, sizes);
    }

    IndexedSample next() {
        if (left_in_run == 0) {
            ++run;
            left_in_run = static_cast<std::uint64_t>(index->run_lengths.at(run));
            offset += static_cast<std::uint64_t>(index->run_gaps.at(run));
        }
        const auto place = static_cast<std::size_t>(number % block_size);
        IndexedSample sample;
        sample.dts = dts;
        sample.cts = compositions[place];
        sample.duration = durations[place];
        sample.size_bytes = static_cast<std::uint32_t>(sizes[place]);
        sample.offset = offset;
        sample.sync = index->all_sync || (next_sync < index->sync.size() && index->sync[next_sync] == number);
        if (sample.sync && !index->all_sync) ++next_sync;
        dts += sample.duration;
        offset += sample.size_bytes;
        --left_in_run;
        if (++number % block_size == 0 && number < index->size) load_block();
        return sample;
    }
};

SampleIndex::SampleIndex(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
SampleIndex::~SampleIndex() = default;

std::uint64_t SampleIndex::size() const noexcept { return impl_->size; }
std::int64_t SampleIndex::first_dts() const noexcept { return impl_->first_dts; }
std::int64_t SampleIndex::end_dts() const noexcept { return impl_->end_dts; }
std::uint64_t SampleIndex::total_bytes() const noexcept { return impl_->total_bytes; }
bool SampleIndex::all_sync() const noexcept { return impl_->all_sync; }

IndexedSample SampleIndex::sample(std::uint64_t number) const { return cursor(number).next(); }

SampleIndex::Cursor SampleIndex::cursor(std::uint64_t number) const {
    auto state = std::make_unique<Cursor::State>();
    state->index = impl_.get();
    if (number >= impl_->size) {
        state->number = impl_->size;
        return Cursor(std::move(state));
    }
    const auto block = static_cast<std::size_t>(number / block_size);
    const Checkpoint& from = impl_->checkpoints[block];
    state->number = block * block_size;
    state->dts = from.dts;
    state->offset = from.offset;
    state->run = from.run;
    state->left_in_run = from.left_in_run;
    const auto& sync = impl_->sync;
    state->next_sync = static_cast<std::size_t>(std::lower_bound(sync.begin(), sync.end(), state->number) - sync.begin());
    state->load_block();
    while (state->number < number) state->next();
    return Cursor(std::move(state));
}

bool SampleIndex::is_sync(std::uint64_t number) const noexcept {
    return impl_->all_sync || std::binary_search(impl_->sync.begin(), impl_->sync.end(), number);
}

std::uint64_t SampleIndex::next_sync(std::uint64_t number) const noexcept {
    if (impl_->all_sync) return std::min(number, impl_->size);
    const auto at = std::lower_bound(impl_->sync.begin(), impl_->sync.end(), number);
    return at == impl_->sync.end() ? impl_->size : *at;
}

std::uint64_t SampleIndex::sample_at_dts(std::int64_t dts) const {
    if (empty()) return 0;
    const auto& points = impl_->checkpoints;
    auto after =
        std::upper_bound(points.begin(), points.end(), dts, [](std::int64_t time, const Checkpoint& point) { return time < point.dts; });
    if (after == points.begin()) return 0;
    const auto block = static_cast<std::uint64_t>(after - points.begin()) - 1;
    Cursor walk = cursor(block * block_size);
    std::uint64_t found = walk.number();
    while (!walk.at_end()) {
        const std::uint64_t number = walk.number();
        if (walk.next().dts > dts) break;
        found = number;
    }
    return found;
}

std::size_t SampleIndex::memory_bytes() const noexcept {
    return sizeof(Impl) + impl_->durations.memory_bytes() + impl_->offsets_of_composition.memory_bytes() + impl_->sizes.memory_bytes() +
           impl_->run_lengths.memory_bytes() + impl_->run_gaps.memory_bytes() + impl_->checkpoints.capacity() * sizeof(Checkpoint) +
           impl_->sync.capacity() * sizeof(std::uint32_t);
}

SampleIndex::Cursor::Cursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
SampleIndex::Cursor::Cursor(Cursor&&) noexcept = default;
SampleIndex::Cursor& SampleIndex::Cursor::operator=(Cursor&&) noexcept = default;
SampleIndex::Cursor::~Cursor() = default;
std::uint64_t SampleIndex::Cursor::number() const noexcept { return state_->number; }
bool SampleIndex::Cursor::at_end() const noexcept { return state_->number >= state_->index->size; }
IndexedSample SampleIndex::Cursor::next() { return state_->next(); }

struct SampleIndex::Builder::Impl {
    std::unique_ptr<SampleIndex::Impl> index = std::make_unique<SampleIndex::Impl>();
    std::optional<IndexedSample> last;  ///< Held back, since its duration may still be stretched.
    std::uint64_t expected_offset = 0;
    std::uint64_t run_length = 0;
    std::uint32_t runs = 0;
    std::size_t first_open_checkpoint = 0;  ///< The first one that lies in the open run.
    std::int64_t next_dts = 0;

    void seal_last();
    void end_run();
};

void SampleIndex::Builder::Impl::end_run() {
    if (run_length == 0) return;
    index->run_lengths.append(static_cast<std::int64_t>(run_length));
    // Until now `left_in_run` held how many samples of the run came before the checkpoint.
    for (std::size_t i = first_open_checkpoint; i < index->checkpoints.size(); ++i) {
        Checkpoint& point = index->checkpoints[i];
        point.left_in_run = static_cast<std::uint32_t>(run_length - point.left_in_run);
    }
    first_open_checkpoint = index->checkpoints.size();
    run_length = 0;
    ++runs;
}

void SampleIndex::Builder::Impl::seal_last() {
    if (!last) return;
    const IndexedSample sample = *std::exchange(last, std::nullopt);
    if (sample.offset != expected_offset || run_length == 0) {
        end_run();
        index->run_gaps.append(static_cast<std::int64_t>(sample.offset - expected_offset));
    }
    if (index->size % block_size == 0) {
        index->checkpoints.push_back({sample.dts, sample.offset, runs, static_cast<std::uint32_t>(run_length)});
    }
    index->durations.append(sample.duration);
    index->offsets_of_composition.append(sample.cts);
    index->sizes.append(sample.size_bytes);
    if (!sample.sync && index->all_sync) {
        // The first exception: from now on the sync samples are listed.
        index->all_sync = false;
        for (std::uint64_t i = 0; i < index->size; ++i) index->sync.push_back(static_cast<std::uint32_t>(i));
    } else if (sample.sync && !index->all_sync) {
        index->sync.push_back(static_cast<std::uint32_t>(index->size));
    }
    index->total_bytes += sample.size_bytes;
    expected_offset = sample.offset + sample.size_bytes;
    ++run_length;
    ++index->size;
}

SampleIndex::Builder::Builder(std::int64_t first_dts) : impl_(std::make_unique<Impl>()) {
    impl_->index->first_dts = first_dts;
    impl_->next_dts = first_dts;
}
SampleIndex::Builder::Builder(Builder&&) noexcept = default;
SampleIndex::Builder& SampleIndex::Builder::operator=(Builder&&) noexcept = default;
SampleIndex::Builder::~Builder() = default;

void SampleIndex::Builder::append(const IndexedSample& sample) {
    impl_->seal_last();
    impl_->last = sample;
    impl_->last->dts = impl_->next_dts;
    impl_->next_dts += sample.duration;
}

void SampleIndex::Builder::stretch_to(std::int64_t dts) {
    if (!impl_->last || dts <= impl_->next_dts) return;
    impl_->last->duration += dts - impl_->next_dts;
    impl_->next_dts = dts;
}

std::uint64_t SampleIndex::Builder::size() const noexcept { return impl_->index->size + (impl_->last ? 1 : 0); }
std::int64_t SampleIndex::Builder::next_dts() const noexcept { return impl_->next_dts; }

std::shared_ptr<const SampleIndex> SampleIndex::Builder::build() && {
    impl_->seal_last();
    impl_->end_run();
    SampleIndex::Impl& index = *impl_->index;
    for (PackedColumn* column : {&index.durations, &index.offsets_of_composition, &index.sizes, &index.run_lengths, &index.run_gaps}) {
        column->finish();
    }
    index.checkpoints.shrink_to_fit();
    index.sync.shrink_to_fit();
    index.end_dts = impl_->next_dts;
    return std::shared_ptr<const SampleIndex>(new SampleIndex(std::exchange(impl_->index, nullptr)));
}

}  // namespace streamforge::packaging
