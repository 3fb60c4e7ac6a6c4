#include <streamforge/cdn/edge_snippet.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/cdn_properties.hpp"

namespace streamforge::cdn {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

std::string snippet(const TokenLayout& layout, EdgeProgram program, std::string_view key = "") {
    EdgeSnippetOptions options;
    options.key = Secret(std::string(key));
    const auto text = edge_snippet(layout, program, options);
    EXPECT_TRUE(text) << text.error().describe();
    return text ? *text : std::string();
}

TEST(EdgeSnippet, nginx_directives_rebuild_the_message) {
    EXPECT_EQ(snippet(nginx_layout(true), EdgeProgram::nginx, "se-cret"),
              "# Checks tokens of the layout \"nginx\". Put this into a location.\n"
              "secure_link $arg_md5,$arg_expires;\n"
              "secure_link_md5 \"$secure_link_expires$uri$remote_addr se-cret\";\n"
              "if ($secure_link = \"\") { return 403; }\n"
              "if ($secure_link = \"0\") { return 410; }\n");
}

TEST(EdgeSnippet, cloudflare_rule_has_the_layouts_lifetime_and_separator) {
    EXPECT_EQ(snippet(cloudflare_waf_layout({.rule_lifetime = std::chrono::seconds(900)}), EdgeProgram::cloudflare_rule, "k"),
              "not is_timed_hmac_valid_v0(\"k\", http.request.uri, 900, http.request.timestamp.sec, 8, \"s\")\n");
    EXPECT_THAT(snippet(cloudflare_waf_layout({.standard_base64 = true}), EdgeProgram::cloudflare_rule), HasSubstr("STREAMFORGE_TOKEN_KEY"));
}

TEST(EdgeSnippet, fastly_vcl_compares_in_constant_time_and_checks_once) {
    for (const auto kind : {FastlyLayout::path, FastlyLayout::path_and_query, FastlyLayout::path_query_user_agent}) {
        for (const auto hash : {crypto::HashAlgorithm::sha1, crypto::HashAlgorithm::sha256}) {
            const std::string text = snippet(fastly_layout(kind, hash), EdgeProgram::fastly_vcl);
            EXPECT_THAT(text, HasSubstr("digest.secure_is_equal("));
            EXPECT_THAT(text, HasSubstr("fastly.ff.visits_this_service > 0"));
            EXPECT_THAT(text, HasSubstr("table.lookup(streamforge, \"STREAMFORGE_TOKEN_KEY\")"));
            EXPECT_THAT(text, HasSubstr(hash == crypto::HashAlgorithm::sha1 ? "digest.hmac_sha1" : "digest.hmac_sha256"));
        }
    }
}

TEST(EdgeSnippet, key_is_written_only_when_it_is_given) {
    for (const EdgeProgram program : {EdgeProgram::fastly_vcl, EdgeProgram::varnish_vcl, EdgeProgram::workers_js}) {
        EXPECT_THAT(snippet(fastly_layout(), program, "c2VjcmV0"), HasSubstr("c2VjcmV0"));
        EXPECT_THAT(snippet(fastly_layout(), program), HasSubstr("STREAMFORGE_TOKEN_KEY"));
    }
}

TEST(EdgeSnippet, keys_that_would_break_out_of_a_string_are_refused) {
    for (const auto* key : {"a\"b", "a\\b", "a\nb", "a'b", "a$b", "a`b"}) {
        EdgeSnippetOptions options;
        options.key = Secret(key);
        for (const EdgeProgram program : {EdgeProgram::varnish_vcl, EdgeProgram::workers_js, EdgeProgram::fastly_vcl}) {
            EXPECT_EQ(edge_snippet(fastly_layout(), program, options).error().code, Errc::invalid_argument) << key;
        }
        EXPECT_EQ(edge_snippet(nginx_layout(), EdgeProgram::nginx, options).error().code, Errc::invalid_argument) << key;
    }
}

TEST(EdgeSnippet, lifetime_is_bounded_at_the_edge) {
    EdgeSnippetOptions options;
    options.max_lifetime = std::chrono::seconds(4242);
    for (const EdgeProgram program : {EdgeProgram::fastly_vcl, EdgeProgram::varnish_vcl, EdgeProgram::workers_js}) {
        EXPECT_THAT(edge_snippet(fastly_layout(), program, options).value(), HasSubstr("4242"));
    }
}

TEST(EdgeSnippet, what_a_program_cannot_do_is_unsupported) {
    const auto code = [](const TokenLayout& layout, EdgeProgram program) {
        const auto text = edge_snippet(layout, program);
        return text ? std::optional<Errc>() : std::optional(text.error().code);
    };
    EXPECT_EQ(code(fastly_layout(), EdgeProgram::nginx), Errc::unsupported);
    EXPECT_EQ(code(fastly_layout(), EdgeProgram::cloudflare_rule), Errc::unsupported);
    EXPECT_EQ(code(nginx_layout(), EdgeProgram::varnish_vcl), Errc::unsupported);
    EXPECT_EQ(code(keycdn_layout(), EdgeProgram::fastly_vcl), Errc::unsupported);
    EXPECT_EQ(code(cdn77_layout(), EdgeProgram::fastly_vcl), Errc::unsupported);
    EXPECT_EQ(code(cloudflare_waf_layout({.standard_base64 = true}), EdgeProgram::varnish_vcl), Errc::unsupported);
    EXPECT_EQ(code(cloudflare_images_layout(), EdgeProgram::varnish_vcl), Errc::unsupported);
    TokenLayout long_hash = fastly_layout(FastlyLayout::path, crypto::HashAlgorithm::sha512);
    EXPECT_EQ(code(long_hash, EdgeProgram::varnish_vcl), Errc::unsupported);
    EXPECT_EQ(code(long_hash, EdgeProgram::workers_js), std::nullopt);
    TokenLayout broken = fastly_layout();
    broken.message.clear();
    EXPECT_EQ(code(broken, EdgeProgram::workers_js), Errc::invalid_argument);
}

TEST(EdgeSnippet, workers_program_exports_its_check) {
    for (const TokenLayout& layout : {fastly_layout(), nginx_layout(), keycdn_layout(), cdn77_layout(), gcore_layout(), cloudflare_waf_layout(), cloudflare_images_layout()}) {
        const std::string text = snippet(layout, EdgeProgram::workers_js);
        EXPECT_THAT(text, HasSubstr("export async function checkToken(request, env"));
        EXPECT_THAT(text, HasSubstr("export default"));
        EXPECT_THAT(text, Not(HasSubstr("undefined;"))) << layout.provider;
    }
}

TEST(EdgeSnippet, names_of_programs_are_distinct) {
    std::set<std::string_view> names;
    for (int i = 0; i < 5; ++i) names.insert(to_string(static_cast<EdgeProgram>(i)));
    EXPECT_EQ(names.size(), 5U);
}

}  // namespace
}  // namespace streamforge::cdn
