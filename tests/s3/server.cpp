#include "s3/server.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <streamforge/http/url.hpp>

#include "storage/s3/s3_open.hpp"
#include "support/http/loopback_server.hpp"

namespace streamforge::storage::testing {
namespace {

namespace fs = std::filesystem;

const char* name_of(S3Server::Kind kind) { return kind == S3Server::Kind::minio ? "minio" : "versitygw"; }

std::string make_folder() {
    // In memory where there is such a place: the servers write every object out.
    std::string name = (fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path().string()) + "/streamforge-s3-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the S3 server");
    return name;
}

struct Launch {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
};

Launch launch_of(S3Server::Kind kind, const std::string& program, const std::string& folder, std::uint16_t port, std::uint16_t console) {
    const auto address = "127.0.0.1:" + std::to_string(port);
    Launch launch;
    launch.environment = {"HOME=" + folder, "PATH=/usr/bin:/bin"};
    if (kind == S3Server::Kind::minio) {
        launch.arguments = {program, "server", "--quiet", "--address", address, "--console-address", "127.0.0.1:" + std::to_string(console), folder + "/data"};
        launch.environment.insert(launch.environment.end(), {std::string("MINIO_ROOT_USER=") + S3Server::access_key,
                                                             std::string("MINIO_ROOT_PASSWORD=") + S3Server::secret_key, "MINIO_UPDATE=off",
                                                             "MINIO_CI_CD=1"});
    } else {
        launch.arguments = {program, "--port", address, "--quiet", "posix", folder + "/data"};
        launch.environment.insert(launch.environment.end(), {std::string("ROOT_ACCESS_KEY=") + S3Server::access_key,
                                                             std::string("ROOT_SECRET_KEY=") + S3Server::secret_key});
    }
    return launch;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

int spawn_server(Launch& launch, const std::string& log) {
    const int parent = ::getpid();
    const int pid = ::fork();
    if (pid != 0) return pid;
    // Dies with the test program, however that ends.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    const auto arguments = pointers(launch.arguments);
    const auto environment = pointers(launch.environment);
    ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
}

}  // namespace

std::optional<std::string> server_program(const char* name) {
    std::vector<fs::path> folders;
    if (const char* given = std::getenv("STREAMFORGE_S3_SERVERS")) folders.emplace_back(given);
    if (const char* cache = std::getenv("XDG_CACHE_HOME")) folders.push_back(fs::path(cache) / "streamforge/s3-servers");
    if (const char* home = std::getenv("HOME")) folders.push_back(fs::path(home) / ".cache/streamforge/s3-servers");
    for (const auto& folder : folders) {
        if (::access((folder / name).c_str(), X_OK) == 0) return (folder / name).string();
    }
    return std::nullopt;
}

std::string no_server(S3Server::Kind kind) {
    return std::string(name_of(kind)) + " is not installed: run tests/s3/install_servers.sh to build it";
}

std::unique_ptr<S3Server> S3Server::start(Kind kind) {
    const auto program = server_program(name_of(kind));
    if (!program) return nullptr;
    std::unique_ptr<S3Server> server(new S3Server);
    server->kind_ = kind;
    server->folder_ = make_folder();
    fs::create_directory(server->folder_ + "/data");
    const auto port = streamforge::testing::closed_port();
    auto launch = launch_of(kind, *program, server->folder_, port, streamforge::testing::closed_port());
    server->url_ = "http://127.0.0.1:" + std::to_string(port);
    server->pid_ = spawn_server(launch, server->folder_ + "/log");
    if (!server->wait_ready()) throw std::runtime_error(std::string(name_of(kind)) + " did not start: see " + server->folder_ + "/log");
    return server;
}

bool S3Server::wait_ready() {
    const auto http = http::make_curl_transport({.proxy = "none"}).value();
    http::Request request;
    request.url = http::parse_url(url_ + "/").value();
    for (int attempt = 0; attempt < 300; ++attempt) {
        const auto answer = http->send(request);
        if (answer && answer->status < 500) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

S3Server::~S3Server() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

S3Server* S3Server::shared(Kind kind) {
    if (kind == Kind::minio) {
        static const auto minio = start(Kind::minio);
        return minio.get();
    }
    static const auto versitygw = start(Kind::versitygw);
    return versitygw.get();
}

S3Options S3Server::options(const std::string& bucket) const {
    S3Options options;
    options.bucket = bucket;
    options.region = "us-east-1";
    options.endpoint_url = url_;
    options.provider = name_of(kind_);
    options.credentials = make_static_credentials(access_key, Secret(std::string(secret_key)));
    options.connection.proxy = "none";
    options.environment = [](std::string_view) { return std::optional<std::string>{}; };
    return options;
}

std::string S3Server::make_bucket() {
    static std::atomic<int> number = 0;
    const auto name = "bucket-" + std::to_string(++number);
    const auto bucket = s3::open_bucket(options(name)).value();
    const auto made = bucket->client.call({.operation = "test.make_bucket", .method = "PUT"}, {});
    if (!made) throw std::runtime_error(made.error().describe());
    return name;
}

}  // namespace streamforge::storage::testing
