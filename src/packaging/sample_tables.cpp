#include "packaging/sample_tables.hpp"

#include <algorithm>
#include <limits>

#include "core/try.hpp"

namespace streamforge::packaging {
namespace {

constexpr std::string_view stbl = "moov/trak/mdia/minf/stbl";

std::string table_path(std::string_view table) { return std::string(stbl) + '/' + std::string(table); }

/// Entries of one full box with a count, read in order through a window of their own.
class Table {
public:
    Table(const ByteSource& source, std::string_view name, std::size_t entry_bytes)
        : reader_(source), name_(name), entry_bytes_(entry_bytes) {}

    /// `head_bytes` lie before the entries, the last four of them the count. *Errors*: `malformed` when the count
    /// promises more than the box holds.
    Result<void> open(const Box& box, std::size_t head_bytes = 8) {
        SF_TRY(open_head(box, head_bytes));
        if (count_ > (box.body_bytes() - head_bytes) / entry_bytes_) {
            return malformed_box(table_path(name_), "the table promises more entries than it holds");
        }
        return {};
    }
    /// As `open`, for the caller to check the count.
    Result<void> open_head(const Box& box, std::size_t head_bytes) {
        if (box.body_bytes() < head_bytes) return malformed_box(table_path(name_), "the table is cut off");
        SF_ASSIGN(const ByteView head, reader_.view(box.body, head_bytes));
        count_ = read_u32(head.subspan(head_bytes - 4));
        first_word_ = read_u32(head.subspan(head_bytes >= 12 ? 4 : 0));
        at_ = box.body + head_bytes;
        left_ = count_;
        return {};
    }

    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }
    /// The word after version and flags when the head has one (stsz: sample_size; stz2: field size).
    [[nodiscard]] std::uint32_t first_word() const noexcept { return first_word_; }
    [[nodiscard]] bool at_end() const noexcept { return left_ == 0; }
    /// The next entry; not at the end.
    Result<ByteView> next() {
        --left_;
        const std::uint64_t from = at_;
        at_ += entry_bytes_;
        return reader_.view(from, entry_bytes_);
    }

private:
    WindowReader reader_;
    std::string_view name_;
    std::size_t entry_bytes_;
    std::uint32_t count_ = 0;
    std::uint32_t first_word_ = 0;
    std::uint32_t left_ = 0;
    std::uint64_t at_ = 0;
};

/// (count, value) runs, one value per sample.
class RunTable {
public:
    RunTable(const ByteSource& source, std::string_view name) : table_(source, name, 8), name_(name) {}
    Result<void> open(const std::optional<Box>& box) { return box ? table_.open(*box) : Result<void>{}; }

    /// The value of the next sample; after the last run, `otherwise`.
    Result<std::uint32_t> next(std::uint32_t otherwise) {
        while (left_ == 0 && !table_.at_end()) {
            SF_ASSIGN(const ByteView entry, table_.next());
            left_ = read_u32(entry);
            value_ = read_u32(entry.subspan(4));
        }
        if (left_ == 0) {
            ran_out_ = true;
            return otherwise;
        }
        --left_;
        return value_;
    }
    [[nodiscard]] std::uint32_t value() const noexcept { return value_; }
    [[nodiscard]] bool ran_out() const noexcept { return ran_out_; }

private:
    Table table_;
    std::string_view name_;
    std::uint32_t left_ = 0;
    std::uint32_t value_ = 0;
    bool ran_out_ = false;
};

/// stsz or stz2.
class SizeTable {
public:
    explicit SizeTable(const ByteSource& source) : plain_(source, "stsz", 4), words_(source, "stz2", 2), bytes_(source, "stz2", 1) {}

    Result<void> open(const SampleTables& tables, std::uint64_t file_bytes) {
        constexpr std::size_t head = 12;
        if (tables.sizes) {
            SF_TRY(plain_.open_head(*tables.sizes, head));
            constant_ = plain_.first_word();
            count_ = plain_.count();
            if (constant_ == 0) return plain_.open(*tables.sizes, head);
            if (count_ > file_bytes / constant_) {
                return malformed_box(table_path("stsz"), "the samples promised are more than the file can hold");
            }
            return {};
        }
        if (!tables.compact_sizes) return malformed_box(stbl, "there is no table of sample sizes");
        SF_TRY(words_.open_head(*tables.compact_sizes, head));
        field_bits_ = words_.first_word() & 0xFFU;
        count_ = words_.count();
        if (field_bits_ == 16) return words_.open(*tables.compact_sizes, head);
        if (field_bits_ != 4 && field_bits_ != 8) return malformed_box(table_path("stz2"), "the field size is not 4, 8 or 16");
        const std::uint64_t needed = (std::uint64_t{count_} * field_bits_ + 7) / 8;
        if (needed > tables.compact_sizes->body_bytes() - head) {
            return malformed_box(table_path("stz2"), "the table promises more entries than it holds");
        }
        return bytes_.open_head(*tables.compact_sizes, head);
    }

    [[nodiscard]] std::uint32_t count() const noexcept { return count_; }

    Result<std::uint32_t> next() {
        if (constant_ != 0) return constant_;
        if (field_bits_ == 0) {
            SF_ASSIGN(const ByteView entry, plain_.next());
            return read_u32(entry);
        }
        if (field_bits_ == 16) {
            SF_ASSIGN(const ByteView entry, words_.next());
            return std::uint32_t{read_u16(entry)};
        }
        if (field_bits_ == 4 && half_pending_) {
            half_pending_ = false;
            return pair_ & 0xFU;
        }
        SF_ASSIGN(const ByteView entry, bytes_.next());
        pair_ = entry[0];
        half_pending_ = field_bits_ == 4;
        return half_pending_ ? pair_ >> 4 : pair_;
    }

private:
    Table plain_;
    Table words_;
    Table bytes_;
    std::uint32_t constant_ = 0;
    std::uint32_t field_bits_ = 0;
    std::uint32_t count_ = 0;
    std::uint32_t pair_ = 0;
    bool half_pending_ = false;
};

/// stsc and stco/co64: the chunks in order.
class ChunkTable {
public:
    explicit ChunkTable(const ByteSource& source) : map_(source, "stsc", 12), short_(source, "stco", 4), long_(source, "co64", 8) {}

    Result<void> open(const SampleTables& tables) {
        if (!tables.chunks) return malformed_box(stbl, "there is no table of chunks");
        SF_TRY(map_.open(*tables.chunks));
        if (tables.offsets_64) {
            use_long_ = true;
            SF_TRY(long_.open(*tables.offsets_64));
        } else if (tables.offsets_32) {
            SF_TRY(short_.open(*tables.offsets_32));
        } else {
            return malformed_box(stbl, "there is no table of chunk offsets");
        }
        return advance_map();
    }

    /// Goes to the next chunk that holds samples. *Errors*: `malformed` when there is none.
    Result<void> next_chunk() {
        do {
            Table& offsets = use_long_ ? long_ : short_;
            if (offsets.at_end()) return malformed_box(table_path("stco"), "the chunks hold fewer samples than there are");
            SF_ASSIGN(const ByteView entry, offsets.next());
            offset_ = use_long_ ? read_u64(entry) : read_u32(entry);
            ++chunk_;
            while (chunk_ >= next_first_) {
                samples_per_chunk_ = next_samples_;
                description_ = next_description_;
                SF_TRY(advance_map());
            }
        } while (samples_per_chunk_ == 0);
        return {};
    }
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
    [[nodiscard]] std::uint32_t samples() const noexcept { return samples_per_chunk_; }
    [[nodiscard]] std::uint32_t description() const noexcept { return description_; }

private:
    Result<void> advance_map() {
        if (map_.at_end()) {
            next_first_ = std::numeric_limits<std::uint64_t>::max();
            return {};
        }
        SF_ASSIGN(const ByteView entry, map_.next());
        const std::uint32_t first = read_u32(entry);
        if (first <= last_first_) return malformed_box(table_path("stsc"), "the chunk numbers do not rise");
        last_first_ = first;
        next_first_ = first;
        next_samples_ = read_u32(entry.subspan(4));
        next_description_ = read_u32(entry.subspan(8));
        return {};
    }

    Table map_;
    Table short_;
    Table long_;
    bool use_long_ = false;
    std::uint64_t chunk_ = 0;  ///< Counts from 1.
    std::uint64_t offset_ = 0;
    std::uint32_t samples_per_chunk_ = 0;
    std::uint32_t description_ = 1;
    std::uint32_t last_first_ = 0;
    std::uint64_t next_first_ = 0;
    std::uint32_t next_samples_ = 0;
    std::uint32_t next_description_ = 1;
};

/// stss: numbers count from 1; absent means that every sample is a sync sample.
class SyncTable {
public:
    explicit SyncTable(const ByteSource& source) : table_(source, "stss", 4) {}
    Result<void> open(const std::optional<Box>& box) {
        present_ = box.has_value();
        if (!present_) return {};
        SF_TRY(table_.open(*box));
        return advance();
    }
    Result<bool> is_sync(std::uint64_t number) {
        if (!present_) return true;
        while (next_ < number + 1) SF_TRY(advance());
        return next_ == number + 1;
    }

private:
    Result<void> advance() {
        if (table_.at_end()) {
            next_ = std::numeric_limits<std::uint64_t>::max();
            return {};
        }
        SF_ASSIGN(const ByteView entry, table_.next());
        next_ = read_u32(entry);
        return {};
    }
    Table table_;
    bool present_ = false;
    std::uint64_t next_ = 0;
};

/// All tables, one sample at a time.
class Walk {
public:
    Walk(const ByteSource& source, SampleIndex::Builder& builder)
        : file_bytes_(source.size_bytes()),
          builder_(&builder),
          times_(source, "stts"),
          compositions_(source, "ctts"),
          sizes_(source),
          chunks_(source),
          sync_(source) {}

    Result<void> open(const SampleTables& tables) {
        SF_TRY(sizes_.open(tables, file_bytes_));
        if (sizes_.count() == 0) return {};
        if (!tables.times) return malformed_box(stbl, "there is no table of times");
        SF_TRY(times_.open(tables.times));
        SF_TRY(compositions_.open(tables.compositions));
        SF_TRY(chunks_.open(tables));
        return sync_.open(tables.sync);
    }
    [[nodiscard]] std::uint32_t count() const noexcept { return sizes_.count(); }

    Result<void> run(std::vector<std::string>& warnings) {
        const std::uint32_t count = sizes_.count();
        std::uint32_t left_in_chunk = 0;
        std::uint64_t offset = 0;
        std::uint64_t total_bytes = 0;
        for (std::uint32_t number = 0; number < count; ++number) {
            if (left_in_chunk == 0) {
                SF_TRY(chunks_.next_chunk());
                SF_TRY(check_description());
                left_in_chunk = chunks_.samples();
                offset = chunks_.offset();
            }
            --left_in_chunk;
            IndexedSample sample;
            SF_ASSIGN(sample.size_bytes, sizes_.next());
            sample.offset = offset;
            if (offset > file_bytes_ || sample.size_bytes > file_bytes_ - offset) {
                warnings.push_back("the file ends early: " + std::to_string(number) + " of " + std::to_string(count) +
                                   " samples are there");
                break;
            }
            offset += sample.size_bytes;
            total_bytes += sample.size_bytes;
            if (total_bytes > file_bytes_) return malformed_box(stbl, "the samples together are larger than the file");
            SF_TRY(read_times(number, sample));
            builder_->append(sample);
        }
        if (times_.ran_out()) warnings.emplace_back("the table of times is too short; its last duration is repeated");
        return {};
    }

private:
    Result<void> check_description() const {
        if (chunks_.description() == 1) return {};
        return make_error(Errc::unsupported, "packaging.read_mp4", "the track changes its sample description on the way")
            .with("box", table_path("stsc"));
    }

    Result<void> read_times(std::uint64_t number, IndexedSample& sample) {
        SF_ASSIGN(const std::uint32_t duration, times_.next(times_.value()));
        SF_ASSIGN(const std::uint32_t composition, compositions_.next(0));
        SF_ASSIGN(sample.sync, sync_.is_sync(number));
        sample.duration = duration;
        // Version 0 says unsigned, but writers put negative offsets there as well; 2^31 ticks are never meant.
        sample.cts = static_cast<std::int32_t>(composition);
        return {};
    }

    std::uint64_t file_bytes_;
    SampleIndex::Builder* builder_;
    RunTable times_;
    RunTable compositions_;
    SizeTable sizes_;
    ChunkTable chunks_;
    SyncTable sync_;
};

}  // namespace

Result<void> read_sample_tables(const ByteSource& source, const SampleTables& tables, std::uint64_t& samples_left,
                                SampleIndex::Builder& builder, std::vector<std::string>& warnings) {
    Walk walk(source, builder);
    SF_TRY(walk.open(tables));
    if (walk.count() > samples_left) {
        return make_error(Errc::limit_exceeded, "packaging.read_mp4", "the file has more samples than allowed")
            .with("samples", std::to_string(walk.count()));
    }
    samples_left -= walk.count();
    return walk.run(warnings);
}

}  // namespace streamforge::packaging
