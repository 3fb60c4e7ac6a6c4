// The pure parts of transfers: plans, states, journals.
#include <gtest/gtest.h>

#include <random>

#include "storage/transfer/journal.hpp"
#include "storage/transfer/part_plan.hpp"
#include "storage/transfer/upload_journal.hpp"
#include "storage/transfer/upload_state.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t memory = 96 * mebibyte;

Capabilities s3_limits() {
    Capabilities limits;
    limits.min_part_bytes = 5 * mebibyte;
    limits.max_part_bytes = 5 * gibibyte;
    limits.max_object_bytes = 10'000 * 5 * gibibyte;
    return limits;
}

TEST(PlanParts, any_length_fits_the_limits) {
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> sizes{0, 1, 5 * mebibyte, 8 * mebibyte, 8 * mebibyte + 1, 80'000 * mebibyte, 80'000 * mebibyte + 1, s3_limits().max_object_bytes};
    for (int round = 0; round < 2000; ++round) sizes.push_back(random() >> (random() % 50) & (s3_limits().max_object_bytes - 1));
    for (const auto size : sizes) {
        const auto plan = plan_parts(size, s3_limits(), 0, memory);
        ASSERT_TRUE(plan) << size << plan.error().describe();
        ASSERT_LE(plan->count(), 10'000U) << size;
        ASSERT_GE(plan->part_bytes, 5 * mebibyte);
        ASSERT_LE(plan->part_bytes, 5 * gibibyte);
        const auto last = plan->count();
        ASSERT_EQ(plan->offset_of(last) + plan->length_of(last), size);
        ASSERT_EQ(plan->length_of(last + 1), 0U);
        if (last > 1) {
            ASSERT_GT(plan->length_of(last), 0U);
            ASSERT_EQ(plan->length_of(1), plan->part_bytes);
            ASSERT_EQ(plan->length_of(last - 1), plan->part_bytes) << "equal but for the last";
        }
    }
}

TEST(PlanParts, too_long_objects_are_refused) {
    EXPECT_EQ(plan_parts(s3_limits().max_object_bytes + 1, s3_limits(), 0, memory).error().code, Errc::limit_exceeded);
}

TEST(PlanParts, wishes_are_kept_within_the_limits) {
    EXPECT_EQ(plan_parts(gibibyte, s3_limits(), 64 * mebibyte, memory)->part_bytes, 64 * mebibyte);
    EXPECT_EQ(plan_parts(gibibyte, s3_limits(), 1, memory)->part_bytes, 5 * mebibyte);
    EXPECT_EQ(plan_parts(100'000 * mebibyte, s3_limits(), 5 * mebibyte, memory)->part_bytes, 10 * mebibyte);
}

TEST(PlanParts, parts_of_a_stream_grow_but_never_past_memory) {
    const auto plan = plan_parts(std::nullopt, s3_limits(), 0, memory).value();
    std::uint64_t offset = 0;
    for (std::uint32_t number = 1; number <= 10'000; ++number) {
        ASSERT_EQ(plan.offset_of(number), offset) << number;
        ASSERT_LE(plan.length_of(number), memory / 2);
        ASSERT_GE(plan.length_of(number), number == 1 ? 1 : plan.length_of(number - 1));
        offset += plan.length_of(number);
    }
    EXPECT_GT(offset, 350 * gibibyte);
    EXPECT_EQ(plan_parts(std::nullopt, s3_limits(), 200 * mebibyte, memory).error().code, Errc::invalid_argument);
}

TEST(PlanParts, uniform_stores_get_equal_parts) {
    auto limits = s3_limits();
    limits.uniform_parts = true;
    const auto plan = plan_parts(std::nullopt, limits, 0, memory).value();
    for (const std::uint32_t number : {1U, 999U, 1001U, 10'000U}) EXPECT_EQ(plan.length_of(number), 8 * mebibyte);
    EXPECT_EQ(plan.offset_of(10'000), 9'999 * 8 * mebibyte);
}

PartInfo part(std::uint32_t number, std::uint64_t size = 10) { return {number, size, "\"e" + std::to_string(number) + "\"", {}}; }

using Kind = UploadStep::Kind;

TEST(UploadState, sends_each_part_once_then_completes) {
    UploadState state(PartPlan{.size_bytes = 25, .part_bytes = 10});
    for (std::uint32_t number = 1; number <= 3; ++number) {
        EXPECT_EQ(next_step(state), (UploadStep{Kind::send_part, number}));
        apply(state, PartBegun{number});
    }
    EXPECT_EQ(next_step(state).kind, Kind::wait);
    for (const std::uint32_t number : {2U, 3U, 1U}) apply(state, PartAcknowledged{part(number)});
    EXPECT_EQ(next_step(state).kind, Kind::complete);
    apply(state, CompletionBegun{});
    EXPECT_EQ(next_step(state).kind, Kind::wait);
    apply(state, Completed{});
    EXPECT_EQ(next_step(state).kind, Kind::stop);
    EXPECT_EQ(state.parts().size(), 3U);
    EXPECT_EQ(state.parts()[0].number, 1U);
}

TEST(UploadState, parts_that_the_store_holds_are_passed_over) {
    UploadState state(PartPlan{.size_bytes = 50, .part_bytes = 10}, {part(1), part(3), part(4)});
    std::vector<std::uint32_t> sent;
    while (next_step(state).kind == Kind::send_part) {
        sent.push_back(next_step(state).number);
        apply(state, PartBegun{sent.back()});
    }
    EXPECT_EQ(sent, (std::vector<std::uint32_t>{2, 5}));
    UploadState all(PartPlan{.size_bytes = 20, .part_bytes = 10}, {part(1), part(2)});
    EXPECT_EQ(next_step(all).kind, Kind::complete);
}

TEST(UploadState, a_failure_waits_for_what_is_on_its_way_and_the_first_one_counts) {
    UploadState state(PartPlan{.size_bytes = 50, .part_bytes = 10});
    apply(state, PartBegun{1});
    apply(state, PartBegun{2});
    apply(state, PartFailed{1, make_error(Errc::no_space, "a", "a")});
    EXPECT_EQ(next_step(state).kind, Kind::wait);
    apply(state, PartFailed{2, make_error(Errc::cancelled, "b", "b")});
    EXPECT_EQ(next_step(state).kind, Kind::stop);
    EXPECT_EQ(state.failure->code, Errc::no_space);
}

TEST(UploadState, a_streams_end_is_where_it_ends) {
    UploadState state(PartPlan{.part_bytes = 10});
    apply(state, PartBegun{1});
    apply(state, PartAcknowledged{part(1)});
    EXPECT_EQ(next_step(state), (UploadStep{Kind::send_part, 2}));
    apply(state, PartBegun{2});
    apply(state, StreamEnded{2});
    EXPECT_EQ(next_step(state).kind, Kind::complete);
    EXPECT_EQ(state.last, 1U);

    UploadState empty(PartPlan{.part_bytes = 10});
    apply(empty, PartBegun{1});
    apply(empty, StreamEnded{2});
    apply(empty, PartAcknowledged{part(1, 0)});
    EXPECT_EQ(next_step(empty).kind, Kind::complete);
}

UploadHeader header() {
    return {"s3 http://h/b", "k", "id", "fp", PartPlan{.size_bytes = 35, .part_bytes = 10, .largest_part_bytes = 10}};
}

TEST(UploadJournal, records_come_back_as_they_were) {
    const PartInfo one{1, 10, "\"a\\\"b\"", "crc64nvme=AA=="};
    const auto record = parse_upload_record({write_header(header()), write_part(one), write_part(part(2))});
    ASSERT_TRUE(record);
    EXPECT_EQ(record->header, header());
    EXPECT_EQ(record->parts, (std::vector{one, part(2)}));
}

TEST(UploadJournal, other_records_are_no_upload) {
    for (const auto* text : {"", "x", "[]", "{}", R"({"version":2})", R"({"version":1,"store":1})"}) {
        EXPECT_FALSE(parse_upload_record({text})) << text;
    }
    EXPECT_FALSE(parse_upload_record({}));
    EXPECT_EQ(parse_upload_record({write_header(header()), write_part(part(1)), "torn"})->parts.size(), 1U);
}

TEST(Reconcile, only_what_journal_and_store_agree_on_is_kept) {
    auto other_etag = part(2);
    other_etag.etag = "\"x\"";
    const auto result = reconcile(header().plan, {part(1), part(2), part(4, 5)}, {part(1), other_etag, part(3), part(4, 5), part(9)});
    ASSERT_EQ(result.kept.size(), 2U);
    EXPECT_EQ(result.kept[0], part(1));
    EXPECT_EQ(result.kept[1], part(4, 5));
    ASSERT_EQ(result.doubtful.size(), 1U) << "at the store, but the news did not reach the disk";
    EXPECT_EQ(result.doubtful[0], part(3));
    EXPECT_TRUE(reconcile(header().plan, {part(1)}, {part(1, 9)}).kept.empty()) << "another length";
}

TEST(Journal, a_prefix_survives_every_truncation_and_every_turned_bit) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "j" / "journal";
    {
        auto journal = Journal::create(path, {"head"}).value();
        ASSERT_TRUE(journal.append("one"));
        ASSERT_TRUE(journal.append("two"));
    }
    const std::vector<std::string> all{"head", "one", "two"};
    EXPECT_EQ(Journal::read(path).value(), all);
    std::ifstream stream(path);
    const std::string good((std::istreambuf_iterator<char>(stream)), {});
    const auto check = [&](const std::string& text) {
        std::ofstream(path, std::ios::trunc) << text;
        const auto records = Journal::read(path).value();
        ASSERT_LE(records.size(), all.size());
        EXPECT_TRUE(std::equal(records.begin(), records.end(), all.begin()));
    };
    for (std::size_t length = 0; length < good.size(); ++length) check(good.substr(0, length));
    for (std::size_t at = 0; at < good.size() * 8; ++at) {
        auto broken = good;
        broken[at / 8] = static_cast<char>(broken[at / 8] ^ (1 << (at % 8)));
        check(broken);
    }
}

TEST(Journal, an_absent_file_is_empty_and_creation_replaces) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "journal";
    EXPECT_TRUE(Journal::read(path)->empty());
    ASSERT_TRUE(Journal::create(path, {"a", "b"}));
    ASSERT_TRUE(Journal::create(path, {"c"}));
    EXPECT_EQ(Journal::read(path).value(), std::vector<std::string>{"c"});
    Journal::remove(path);
    Journal::remove(path);
    EXPECT_TRUE(Journal::read(path)->empty());
}

TEST(TransferLock, keeps_a_second_one_out_while_it_lives) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "journal";
    {
        const auto lock = TransferLock::take(path);
        ASSERT_TRUE(lock);
        EXPECT_EQ(TransferLock::take(path).error().code, Errc::already_exists);
    }
    EXPECT_TRUE(TransferLock::take(path));
}

}  // namespace
}  // namespace streamforge::storage
