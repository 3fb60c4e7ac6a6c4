#include <streamforge/storage/credentials.hpp>

#include <gtest/gtest.h>
#include <map>

#include <streamforge/http/fault_transport.hpp>

#include "storage/credentials/aws_config.hpp"
#include "storage/credentials/fetchers.hpp"
#include "unit/storage/temporary_folder.hpp"

namespace streamforge::storage {
namespace {

using namespace std::chrono_literals;

std::string text(ByteView bytes) { return {bytes.begin(), bytes.end()}; }
http::Response answer(int status, std::string_view body) { return {.status = status, .body = Bytes(body.begin(), body.end())}; }

constexpr auto sts_answer = R"(<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>
    <SecretAccessKey>rolesecret</SecretAccessKey><SessionToken>roletoken</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration>
    </Credentials></AssumeRoleResult></AssumeRoleResponse>)";
constexpr auto json_answer = R"({"Code":"Success","AccessKeyId":"JSON","SecretAccessKey":"s","Token":"t","Expiration":"2030-01-01T00:00:00Z"})";

TEST(AwsConfig, the_grammar_of_the_shared_files) {
    AwsConfig config;
    config.parse(R"(# comment
[default]
region = eu-west-1   ; inline
secret#kept = a#b
[profile full]
region=us-west-2
s3 =
  addressing_style = path
  max_concurrent_requests=20
services = mine
credential_process = /bin/x  "a b"
[full]
region = ignored
[services mine]
s3 =
  endpoint_url = http://127.0.0.1:9000
[sso-session s]
region = nowhere
[broken
region = nowhere
)", AwsFileKind::config);
    EXPECT_EQ(config.profile("default").get("region"), "eu-west-1");
    EXPECT_EQ(config.profile("full").get("region"), "us-west-2");
    EXPECT_EQ(config.profile("full").get("s3.addressing_style"), "path");
    EXPECT_EQ(config.profile("full").get("services.s3.endpoint_url"), "http://127.0.0.1:9000");
    EXPECT_EQ(config.profile("full").get("credential_process"), "/bin/x  \"a b\"");
    EXPECT_FALSE(config.has_profile("s"));
    config.parse("[full]\naws_access_key_id = K\nregion = from-credentials\n", AwsFileKind::credentials);
    EXPECT_EQ(config.profile("full").get("aws_access_key_id"), "K");
    EXPECT_EQ(config.profile("full").get("region"), "from-credentials");
}

TEST(AwsConfig, the_prefixed_default_goes_before_the_plain_one) {
    AwsConfig config;
    config.parse("[profile default]\nregion=a\n[default]\nregion=b\noutput=c\n", AwsFileKind::config);
    EXPECT_EQ(config.profile("default").get("region"), "a");
    EXPECT_FALSE(config.profile("default").get("output"));
}

TEST(SplitCommand, quotes_hold_words_together) {
    EXPECT_EQ(split_command("a 'b c' \"d e\" f\\ g").value(), (std::vector<std::string>{"a", "b c", "d e", "f g"}));
    EXPECT_EQ(split_command("a ''").value(), (std::vector<std::string>{"a", ""}));
    for (const auto* bad : {"", "  ", "'a", "''"}) EXPECT_FALSE(split_command(bad)) << bad;
}

/// A machine with its own variables, files and network.
class CredentialsChain : public ::testing::Test {
protected:
    Result<std::shared_ptr<const Credentials>> get(std::string profile = {}) {
        provider_ = make_default_credentials({.profile = std::move(profile),
                                              .environment = [this](std::string_view name) -> std::optional<std::string> {
                                                  const auto found = variables_.find(std::string(name));
                                                  return found == variables_.end() ? std::nullopt : std::optional(found->second);
                                              },
                                              .transport = http::make_fake_transport([this](const http::Request& request, ByteView body) {
                                                  asked_.push_back(request.method + " " + http::to_string(request.url));
                                                  authorization_ = request.headers.get("authorization");
                                                  return network_(request, text(body));
                                              }),
                                              .clock = [this] { return now_; }});
        return provider_->get();
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto path = folder_.path() / name;
        std::ofstream(path) << content;
        return path.string();
    }

    TemporaryFolder folder_;
    std::map<std::string, std::string> variables_{{"AWS_EC2_METADATA_DISABLED", "true"}};
    std::function<Result<http::Response>(const http::Request&, std::string)> network_ = [](const http::Request&, const std::string&) -> Result<http::Response> {
        return make_error(Errc::network, "test", "no network");
    };
    std::vector<std::string> asked_;
    std::string authorization_;
    std::chrono::system_clock::time_point now_ = std::chrono::sys_days(std::chrono::year(2029) / 12 / 31);
    std::shared_ptr<CredentialsProvider> provider_;
};

TEST_F(CredentialsChain, the_environment_comes_first) {
    variables_["AWS_ACCESS_KEY_ID"] = "ENV";
    variables_["AWS_SECRET_ACCESS_KEY"] = "s";
    variables_["AWS_SESSION_TOKEN"] = "t";
    variables_["AWS_SHARED_CREDENTIALS_FILE"] = write("credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n[p]\naws_access_key_id=P\naws_secret_access_key=s\n");
    EXPECT_EQ(get().value()->access_key_id, "ENV");
    EXPECT_EQ((*get())->session_token.reveal(), "t");
    EXPECT_EQ(get("p").value()->access_key_id, "P") << "a profile named in code goes before the environment";
    EXPECT_EQ(get("absent").error().code, Errc::unauthenticated);
    variables_.erase("AWS_SECRET_ACCESS_KEY");
    EXPECT_EQ(get().value()->access_key_id, "FILE");
    variables_["AWS_PROFILE"] = "p";
    EXPECT_EQ(get().value()->access_key_id, "P");
    EXPECT_TRUE(asked_.empty());
}

TEST_F(CredentialsChain, nothing_at_all_says_what_to_do) {
    const auto none = get();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::unauthenticated);
    EXPECT_NE(none.error().message.find("AWS_ACCESS_KEY_ID"), std::string::npos);
}

TEST_F(CredentialsChain, a_process_is_run_without_a_shell) {
    variables_["AWS_CONFIG_FILE"] = write("config", "[default]\ncredential_process = /bin/cat '" + write("out put;x", R"({"Version":1,"AccessKeyId":"PROC","SecretAccessKey":"s"})") + "'\n");
    const auto credentials = get();
    ASSERT_TRUE(credentials) << credentials.error().describe();
    EXPECT_EQ((*credentials)->access_key_id, "PROC");
    for (const auto* command : {"/bin/false", "/bin/echo {}", "/nonexistent/x", "/bin/echo not-json"}) {
        variables_["AWS_CONFIG_FILE"] = write("config", std::string("[default]\ncredential_process = ") + command + "\n");
        EXPECT_FALSE(get()) << command;
    }
}

TEST_F(CredentialsChain, a_role_is_assumed_with_the_keys_of_its_source) {
    variables_["AWS_CONFIG_FILE"] = write("config", "[profile r]\nrole_arn=arn:x\nsource_profile=base\nexternal_id=e e\nregion=eu-west-1\n[profile loop]\nrole_arn=a\nsource_profile=pool\n[profile pool]\nrole_arn=a\nsource_profile=loop\n");
    variables_["AWS_SHARED_CREDENTIALS_FILE"] = write("credentials", "[base]\naws_access_key_id=BASE\naws_secret_access_key=s\n");
    std::string sent;
    network_ = [&](const http::Request&, const std::string& body) -> Result<http::Response> {
        sent = body;
        return answer(200, sts_answer);
    };
    const auto credentials = get("r");
    ASSERT_TRUE(credentials) << credentials.error().describe();
    EXPECT_EQ((*credentials)->access_key_id, "ROLE");
    EXPECT_EQ(asked_.back(), "POST https://sts.eu-west-1.amazonaws.com/");
    EXPECT_NE(sent.find("Action=AssumeRole&"), std::string::npos);
    EXPECT_NE(sent.find("ExternalId=e%20e"), std::string::npos);
    EXPECT_TRUE(authorization_.starts_with("AWS4-HMAC-SHA256 Credential=BASE/20291231/eu-west-1/sts/aws4_request")) << authorization_;
    EXPECT_EQ(get("loop").error().code, Errc::invalid_argument) << "a circle";
    network_ = [&](const http::Request&, const std::string&) -> Result<http::Response> { return answer(403, "<ErrorResponse/>"); };
    EXPECT_EQ(get("r").error().code, Errc::unauthenticated);
}

TEST_F(CredentialsChain, a_web_identity_is_unsigned_and_its_token_read_anew) {
    variables_["AWS_WEB_IDENTITY_TOKEN_FILE"] = write("token", "one\n");
    variables_["AWS_ROLE_ARN"] = "arn:x";
    std::string sent;
    network_ = [&](const http::Request&, const std::string& body) -> Result<http::Response> {
        sent = body;
        return answer(200, sts_answer);
    };
    ASSERT_TRUE(get());
    EXPECT_NE(sent.find("WebIdentityToken=one"), std::string::npos);
    EXPECT_EQ(sent.find("WebIdentityToken=one%0A"), std::string::npos);
    EXPECT_TRUE(authorization_.empty());
    write("token", "two");
    now_ += 24h;
    ASSERT_TRUE(provider_->get());
    EXPECT_NE(sent.find("WebIdentityToken=two"), std::string::npos);
}

TEST_F(CredentialsChain, a_container_is_asked_at_its_own_address_only) {
    network_ = [](const http::Request&, const std::string&) -> Result<http::Response> { return answer(200, json_answer); };
    variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/x";
    ASSERT_TRUE(get());
    EXPECT_EQ(asked_.back(), "GET http://169.254.170.2/v2/x");
    variables_.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "direct";
    for (const auto* good : {"http://127.0.0.1:8080/x", "http://[fd00:ec2::23]/x", "https://example.org/x", "http://169.254.170.23/x"}) {
        variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = good;
        EXPECT_TRUE(get()) << good;
        EXPECT_EQ(authorization_, "direct");
    }
    variables_["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = write("container-token", "from file\n");
    EXPECT_TRUE(get());
    EXPECT_EQ(authorization_, "from file");
    const auto before = asked_.size();
    for (const auto* bad : {"http://example.org/x", "http://169.254.169.254/x", "http://127.0.0.1.example.org/x", "http://localhost/x"}) {
        variables_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = bad;
        EXPECT_EQ(get().error().code, Errc::unauthenticated) << bad;
    }
    EXPECT_EQ(asked_.size(), before);
}

TEST_F(CredentialsChain, machine_metadata_is_asked_with_a_token_and_never_without) {
    variables_.erase("AWS_EC2_METADATA_DISABLED");
    network_ = [&](const http::Request& request, const std::string&) -> Result<http::Response> {
        if (request.method == "PUT") return answer(200, "TOKEN");
        if (request.headers.get("x-aws-ec2-metadata-token") != "TOKEN") return answer(401, "");
        return request.url.path.ends_with("/") ? answer(200, "the-role\n") : answer(200, json_answer);
    };
    ASSERT_TRUE(get());
    EXPECT_EQ(asked_, (std::vector<std::string>{"PUT http://169.254.169.254/latest/api/token",
                                                "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                                                "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/the-role"}));
    asked_.clear();
    network_ = [](const http::Request& request, const std::string&) -> Result<http::Response> {
        return request.method == "PUT" ? answer(503, "") : answer(200, json_answer);
    };
    EXPECT_EQ(get().error().code, Errc::unauthenticated);
    EXPECT_EQ(asked_.size(), 1U) << "version 1 is not asked";
}

TEST_F(CredentialsChain, credentials_are_kept_renewed_ahead_and_used_while_renewal_fails) {
    variables_["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/x";
    int fetched = 0;
    bool works = true;
    network_ = [&](const http::Request&, const std::string&) -> Result<http::Response> {
        ++fetched;
        if (!works) return make_error(Errc::network, "test", "down");
        return answer(200, R"({"AccessKeyId":"K)" + std::to_string(fetched) + R"(","SecretAccessKey":"s","Expiration":"2030-01-01T00:00:00Z"})");
    };
    EXPECT_EQ(get().value()->access_key_id, "K1");
    EXPECT_EQ(provider_->get().value()->access_key_id, "K1");
    now_ = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1) - 200s;
    works = false;
    EXPECT_EQ(provider_->get().value()->access_key_id, "K1") << "still valid, though not renewed";
    works = true;
    EXPECT_EQ(provider_->get().value()->access_key_id, "K3");
    provider_->reject(provider_->get().value());
    now_ -= 1000s;
    EXPECT_NE(provider_->get().value()->access_key_id, "K3") << "rejected ones are not used again";
    works = false;
    now_ += 4000s;
    EXPECT_EQ(provider_->get().error().code, Errc::network) << "expired";
}

TEST(CredentialsJson, odd_documents_are_refused) {
    for (const auto* json : {"", "[]", "{}", R"({"AccessKeyId":"a"})", R"({"AccessKeyId":1,"SecretAccessKey":"s"})",
                             R"({"Version":2,"AccessKeyId":"a","SecretAccessKey":"s"})",
                             R"({"AccessKeyId":"a","SecretAccessKey":"s","Expiration":"soon"})", R"({"Code":"Failed"})"}) {
        EXPECT_FALSE(parse_credentials_json(json)) << json;
    }
}

}  // namespace
}  // namespace streamforge::storage
