#include <streamforge/cdn/multi_cdn.hpp>

#include <cmath>
#include <gtest/gtest.h>
#include <map>

#include "support/cdn_properties.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using namespace std::chrono_literals;

CdnMember member(std::string id, std::uint32_t weight = 1) {
    CdnMember made;
    made.id = std::move(id);
    made.host = made.id + ".example.com";
    made.weight = weight;
    return made;
}

class Selector : public ::testing::Test {
protected:
    std::unique_ptr<CdnSelector> make(std::vector<CdnMember> members) {
        SelectorOptions options;
        options.clock = [this] { return std::chrono::system_clock::time_point(now_); };
        return CdnSelector::make(std::move(members), options).value();
    }
    static void fail(CdnSelector& selector, std::string_view id, int times = 20) {
        for (int i = 0; i < times; ++i) selector.report(id, false);
    }
    std::chrono::milliseconds now_{1'793'491'200'000};
};

std::map<std::string, int> first_choices(const CdnSelector& selector, int sessions, const std::string& region = {}) {
    std::map<std::string, int> counts;
    for (int i = 0; i < sessions; ++i) ++counts[selector.rank("session-" + std::to_string(i), region).front()];
    return counts;
}

TEST_F(Selector, sessions_are_shared_by_weight) {
    const auto selector = make({member("a", 5), member("b", 3), member("c", 2)});
    constexpr int sessions = 100'000;
    const auto counts = first_choices(*selector, sessions);
    double chi_squared = 0;
    for (const auto& [id, share] : std::map<std::string, double>{{"a", 0.5}, {"b", 0.3}, {"c", 0.2}}) {
        const double expected = share * sessions;
        chi_squared += std::pow(counts.at(id) - expected, 2) / expected;
    }
    EXPECT_LT(chi_squared, 13.8) << "p = 0.001 with two degrees of freedom";
}

TEST_F(Selector, session_keeps_its_order_on_every_server) {
    const auto one = make({member("a", 5), member("b", 3), member("c", 2)});
    const auto other = make({member("c", 2), member("a", 5), member("b", 3)});
    for (int i = 0; i < 1000; ++i) {
        const std::string session = "s" + std::to_string(i);
        EXPECT_EQ(one->rank(session), one->rank(session));
        EXPECT_EQ(one->rank(session), other->rank(session)) << "the order of configuration does not matter";
    }
}

TEST_F(Selector, weight_change_moves_only_its_share) {
    const auto selector = make({member("a", 50), member("b", 50)});
    constexpr int sessions = 20'000;
    std::vector<std::string> before;
    for (int i = 0; i < sessions; ++i) before.push_back(selector->rank("s" + std::to_string(i)).front());
    ASSERT_TRUE(selector->set_weight("b", 75));
    int moved = 0;
    for (int i = 0; i < sessions; ++i) {
        const std::string now = selector->rank("s" + std::to_string(i)).front();
        if (now != before[static_cast<std::size_t>(i)]) {
            EXPECT_EQ(now, "b") << "nobody leaves the CDN that grew";
            ++moved;
        }
    }
    EXPECT_NEAR(static_cast<double>(moved) / sessions, 0.10, 0.01);  // 50 % to 60 %
}

TEST_F(Selector, failing_cdn_rests_then_is_tried_last_then_serves_again) {
    const auto selector = make({member("a"), member("b")});
    fail(*selector, "a");
    EXPECT_EQ(selector->health("a").value().condition, CdnCondition::resting);
    EXPECT_EQ(first_choices(*selector, 100), (std::map<std::string, int>{{"b", 100}}));
    EXPECT_EQ(selector->rank("s").size(), 2U) << "still there when nothing else is";
    now_ += 31s;
    EXPECT_EQ(selector->health("a").value().condition, CdnCondition::probing);
    EXPECT_EQ(first_choices(*selector, 100), (std::map<std::string, int>{{"b", 100}}));
    for (int i = 0; i < 10; ++i) selector->report("a", true, 20ms);
    EXPECT_EQ(selector->health("a").value().condition, CdnCondition::serving);
    EXPECT_GT(first_choices(*selector, 100).at("a"), 20);
}

TEST_F(Selector, failure_while_probing_sends_back_to_rest) {
    const auto selector = make({member("a"), member("b")});
    fail(*selector, "a");
    now_ += 31s;
    ASSERT_EQ(selector->health("a").value().condition, CdnCondition::probing);
    selector->report("a", false);
    EXPECT_EQ(selector->health("a").value().condition, CdnCondition::resting);
}

TEST_F(Selector, few_failures_among_many_successes_change_nothing) {
    const auto selector = make({member("a"), member("b")});
    for (int i = 0; i < 100; ++i) selector->report("a", i % 4 != 0, 10ms);
    const auto health = selector->health("a").value();
    EXPECT_EQ(health.condition, CdnCondition::serving);
    EXPECT_NEAR(health.failure_share, 0.25, 1e-9);
    EXPECT_EQ(health.time_to_first_byte, 10ms);
    fail(*selector, "b", 5);
    EXPECT_EQ(selector->health("b").value().condition, CdnCondition::serving) << "five observations are no proof";
}

TEST_F(Selector, observations_fade) {
    const auto selector = make({member("a")});
    fail(*selector, "a", 8);
    now_ += 30s;
    EXPECT_NEAR(selector->health("a").value().observations, 4.0, 1e-6);
    now_ += 3000s;
    EXPECT_LT(selector->health("a").value().observations, 0.001);
}

TEST_F(Selector, drained_and_foreign_cdns_get_nobody) {
    auto european = member("e");
    european.regions = {"eu"};
    const auto selector = make({member("a"), european});
    EXPECT_EQ(selector->rank("s", "us"), (std::vector<std::string>{"a"}));
    EXPECT_EQ(selector->rank("s", "eu").size(), 2U);
    ASSERT_TRUE(selector->set_drained("a", true));
    EXPECT_TRUE(selector->rank("s", "us").empty());
    EXPECT_EQ(selector->health("a").value().condition, CdnCondition::drained);
    ASSERT_TRUE(selector->set_drained("a", false));
    EXPECT_EQ(selector->rank("s", "us").size(), 1U);
}

TEST_F(Selector, weight_zero_is_a_reserve) {
    const auto selector = make({member("a", 0), member("b", 1)});
    EXPECT_EQ(first_choices(*selector, 100), (std::map<std::string, int>{{"b", 100}}));
    fail(*selector, "b");
    EXPECT_EQ(first_choices(*selector, 100), (std::map<std::string, int>{{"a", 100}}));
}

TEST_F(Selector, wrong_members_and_options_are_refused_by_name) {
    const auto refused = [](std::vector<CdnMember> members, SelectorOptions options = {}) { return refused_name(CdnSelector::make(std::move(members), options)); };
    EXPECT_EQ(refused({}), "members");
    EXPECT_EQ(refused({member("a"), member("a")}), "members");
    EXPECT_EQ(refused({member("a b")}), "members");
    EXPECT_EQ(refused({member("UP")}), "members") << "its host is not in lower case";
    SelectorOptions options;
    options.open_at = 0.05;
    EXPECT_EQ(refused({member("a")}, options), "close_at");
    const auto selector = make({member("a")});
    EXPECT_EQ(selector->health("x").error().code, Errc::not_found);
    EXPECT_EQ(selector->set_weight("x", 1).error().code, Errc::not_found);
    EXPECT_EQ(selector->set_drained("x", true).error().code, Errc::not_found);
    EXPECT_EQ(selector->member("x").error().code, Errc::not_found);
    selector->report("x", true);
}

}  // namespace
}  // namespace streamforge::cdn
