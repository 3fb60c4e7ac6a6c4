#include "pipeline/run_mark.hpp"

#include <gtest/gtest.h>

namespace streamforge::pipeline {
namespace {

/// The mark of this process with one of its last three words (numbering, number, start) changed.
std::string with(std::string_view what, const std::string& value) {
    std::string mark = make_run_mark();
    const auto start = mark.rfind(' ') + 1;
    const auto pid = mark.rfind(' ', start - 2) + 1;
    const auto numbering = mark.rfind(' ', pid - 2) + 1;
    if (what == "start") return mark.replace(start, mark.size() - 1 - start, value);
    if (what == "pid") return mark.replace(pid, start - 1 - pid, value);
    return mark.replace(numbering, pid - 1 - numbering, value);
}

TEST(RunMark, own_process_runs) { EXPECT_EQ(state_of_run(make_run_mark()), RunState::running); }

TEST(RunMark, process_of_the_same_number_that_began_at_another_time_has_ended) {
    EXPECT_EQ(state_of_run(with("start", "1")), RunState::ended);
}

TEST(RunMark, number_that_nobody_has_belongs_to_an_ended_process) {
    EXPECT_EQ(state_of_run(with("pid", "4194305")), RunState::ended) << "above the kernel's highest";
}

TEST(RunMark, other_machines_and_containers_are_not_judged) {
    EXPECT_EQ(state_of_run(with("numbering", "5f0c/pid:[1]")), RunState::unknown);
}

TEST(RunMark, text_that_is_no_mark_tells_nothing) {
    for (const auto* text : {"", "process ", "process a", "process a b", "process a ../../etc 1", "an older run's sentence.\n"}) {
        EXPECT_EQ(state_of_run(text), RunState::unknown) << text;
    }
    EXPECT_EQ(state_of_run(std::string(2000, ' ') + make_run_mark()), RunState::unknown);
}

}  // namespace
}  // namespace streamforge::pipeline
