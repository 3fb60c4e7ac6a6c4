// Uploads one file with a journal and kills itself at a chosen point: the other half of kill_test.cpp.
// Usage: upload_once URL BUCKET PROVIDER KEY FILE JOURNAL TRACE KILL_AT
// KILL_AT counts the points of a run: before each exchange, and after each one before anything is made of its answer; 0: never.
// TRACE gets a line for each part whose sending began, and for each that the store acknowledged.
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

#include <streamforge/http/transport.hpp>
#include <streamforge/storage/transfer.hpp>

#include "s3/server.hpp"

namespace {

using namespace streamforge;

class FatalTransport final : public http::Transport {
public:
    FatalTransport(std::shared_ptr<http::Transport> inner, int kill_at, const char* trace)
        : inner_(std::move(inner)), kill_at_(kill_at), trace_(::open(trace, O_WRONLY | O_CREAT | O_APPEND, 0600)) {}

private:
    Result<std::unique_ptr<http::ResponseStream>> do_open(const http::Request& request, std::stop_token stop) override {
        const auto part = request.method == "PUT" ? part_of(request.url.query) : std::string{};
        point();
        if (!part.empty()) note("sent " + part);
        auto answer = inner_->open(request, std::move(stop));
        if (answer && (*answer)->status() == 200 && !part.empty()) note("acknowledged " + part);
        point();
        return answer;
    }
    static std::string part_of(const std::string& query) { return query.find("partNumber=") == std::string::npos ? std::string{} : query; }
    void point() {
        if (kill_at_ != 0 && ++points_ == kill_at_) ::raise(SIGKILL);
    }
    void note(std::string line) {
        line += '\n';
        if (::write(trace_, line.data(), line.size()) < 0) std::abort();
    }

    std::shared_ptr<http::Transport> inner_;
    int kill_at_;
    int trace_;
    std::atomic<int> points_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 9) return 2;
    storage::S3Options options;
    options.endpoint_url = argv[1];
    options.bucket = argv[2];
    options.provider = argv[3];
    options.region = "us-east-1";
    options.connection.proxy = "none";
    options.environment = [](std::string_view) { return std::optional<std::string>{}; };
    options.credentials =
        storage::make_static_credentials(storage::testing::S3Server::access_key, Secret(std::string(storage::testing::S3Server::secret_key)));
    options.transport = std::make_shared<FatalTransport>(http::make_curl_transport(options.connection).value(), std::atoi(argv[8]), argv[7]);
    const auto store = storage::open_s3(options).value();
    const auto report = storage::upload_file(*store, argv[5], argv[4], {}, {.part_bytes = std::uint64_t{5} << 20, .parallel = 3, .journal = argv[6]});
    if (!report) std::fprintf(stderr, "%s\n", report.error().describe().c_str());
    return report ? 0 : 1;
}
