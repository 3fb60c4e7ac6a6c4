#include "http/curl/exchange.hpp"

#include <algorithm>
#include <charconv>

#include "core/try.hpp"

namespace streamforge::http {
namespace {

constexpr std::size_t buffer_limit_bytes = std::size_t{512} << 10;
constexpr std::size_t max_header_bytes = std::size_t{256} << 10;
constexpr long upload_buffer_bytes = 512L << 10;
constexpr long receive_buffer_bytes = 256L << 10;

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n')) {
        text.remove_suffix(1);
    }
    return text;
}

/// The three digits of "HTTP/1.1 200 OK"; 0 when there are none.
int status_of(std::string_view line) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos || line.size() < space + 4) return 0;
    int status = 0;
    const auto digits = line.substr(space + 1, 3);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
    return error == std::errc{} && end == digits.data() + 3 ? status : 0;
}

bool append_line(SlistPtr& list, const std::string& line) {
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return false;
    (void)list.release();
    list.reset(longer);
    return true;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    (void)curl_easy_setopt(easy, option, value);
}

}  // namespace

Exchange::Exchange(const Request& request, const TransportOptions& options, Pace& pace, EasyPtr easy)
    : options_(options), request_(request), pace_(pace), easy_(std::move(easy)) {}

Result<void> Exchange::prepare() {
    SF_TRY(request_.body.rewind());
    // An empty value suppresses what libcurl would add by itself.
    bool lines_ok = append_line(header_lines_, "Expect:") && append_line(header_lines_, "Accept:");
    bool has_type = false;
    for (const auto& [name, value] : request_.headers.fields()) {
        has_type = has_type || equal_names(name, "content-type");
        lines_ok = lines_ok && append_line(header_lines_, value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_type) lines_ok = lines_ok && append_line(header_lines_, "Content-Type:");
    if (!lines_ok) return make_error(Errc::limit_exceeded, "http.send", "out of memory");

    CURL* easy = easy_.get();
    set(easy, CURLOPT_URL, to_string(request_.url).c_str());
    set(easy, CURLOPT_PATH_AS_IS, 1L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_NOPROGRESS, 1L);
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(easy, CURLOPT_HTTPHEADER, header_lines_.get());
    set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
    set(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_receive);
    set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
    set_method();
    set_limits(options_);
    return {};
}

void Exchange::set_method() {
    CURL* easy = easy_.get();
    const auto& method = request_.method;
    const bool sends_body = request_.body.size_bytes() != 0 || method == "PUT" || method == "POST";
    if (method == "HEAD") {
        set(easy, CURLOPT_NOBODY, 1L);
    } else if (sends_body) {
        set(easy, CURLOPT_UPLOAD, 1L);
        set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size_bytes()));
        set(easy, CURLOPT_READFUNCTION, &Exchange::on_send);
        set(easy, CURLOPT_READDATA, static_cast<void*>(this));
        set(easy, CURLOPT_SEEKFUNCTION, &Exchange::on_seek);
        set(easy, CURLOPT_SEEKDATA, static_cast<void*>(this));
        set(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer_bytes);
        set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    } else {
        set(easy, CURLOPT_HTTPGET, 1L);
        if (method != "GET") set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    }
}

void Exchange::set_limits(const TransportOptions& options) {
    CURL* easy = easy_.get();
    const auto stall = request_.stall.count() > 0 ? request_.stall : options.stall;
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(stall.count()));
    if (request_.deadline.count() > 0) set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.deadline.count()));
    set(easy, CURLOPT_MAXAGE_CONN, std::max(1L, static_cast<long>(options.idle_connection.count())));
    set(easy, CURLOPT_BUFFERSIZE, receive_buffer_bytes);
    set(easy, CURLOPT_TCP_NODELAY, 1L);
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options.ca_bundle.empty()) set(easy, CURLOPT_CAINFO, options.ca_bundle.c_str());
    if (options.proxy == "none") {
        set(easy, CURLOPT_PROXY, "");
    } else if (!options.proxy.empty()) {
        set(easy, CURLOPT_PROXY, options.proxy.c_str());
    }
    if (!options.user_agent.empty()) set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
}

Result<void> Exchange::wait_head() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return head_done_ || finished_; });
    if (head_done_) return {};
    if (error_) return *error_;
    auto error = make_error(Errc::network, "http.send", "the connection ended within the answer's head");
    error.retry = Retry::later;
    return error;
}

Result<std::size_t> Exchange::read(std::span<std::uint8_t> into, bool& resume) {
    if (into.empty()) return std::size_t{0};
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return buffer_at_ < buffer_.size() || finished_; });
    const auto count = std::min(into.size(), buffer_.size() - buffer_at_);
    if (count == 0) {
        if (error_) return *error_;
        return std::size_t{0};
    }
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(buffer_at_), count, into.begin());
    buffer_at_ += count;
    if (buffer_at_ == buffer_.size()) {
        buffer_.clear();
        buffer_at_ = 0;
        resume = std::exchange(paused_, false);
    }
    return count;
}

void Exchange::wait_finished() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return finished_; });
}

bool Exchange::is_finished() const {
    const std::lock_guard lock(mutex_);
    return finished_;
}

int Exchange::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

Headers Exchange::take_headers() {
    const std::lock_guard lock(mutex_);
    return std::move(headers_);
}

std::uint64_t Exchange::received_into_bytes() const {
    const std::lock_guard lock(mutex_);
    return received_into_;
}

void Exchange::finish(std::optional<Error> error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    finished_ = true;
    changed_.notify_all();
}

void Exchange::resume() { (void)curl_easy_pause(easy_.get(), CURLPAUSE_CONT); }

void Exchange::resume_if_paced() {
    const auto now = std::chrono::steady_clock::now();
    const bool go = (paced_send_ && pace_.upload.is_open(now)) || (paced_receive_ && pace_.download.is_open(now));
    if (!go) return;
    paced_send_ = paced_receive_ = false;
    resume();
}

std::optional<Error> Exchange::take_callback_error() { return std::exchange(callback_error_, std::nullopt); }

std::size_t Exchange::on_send(char* into, std::size_t size, std::size_t count, void* self) noexcept {
    return static_cast<Exchange*>(self)->send({reinterpret_cast<std::uint8_t*>(into), size * count});
}

std::size_t Exchange::send(std::span<std::uint8_t> into) {
    const auto granted = pace_.upload.take(into.size(), std::chrono::steady_clock::now());
    if (granted == 0) {
        paced_send_ = true;
        return CURL_READFUNC_PAUSE;
    }
    auto got = request_.body.read(into.first(static_cast<std::size_t>(granted)));
    if (got) return *got;
    callback_error_ = std::move(got).error();
    return CURL_READFUNC_ABORT;
}

int Exchange::on_seek(void* self, curl_off_t offset, int origin) noexcept {
    if (offset != 0 || origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    auto& exchange = *static_cast<Exchange*>(self);
    auto done = exchange.request_.body.rewind();
    if (done) return CURL_SEEKFUNC_OK;
    exchange.callback_error_ = std::move(done).error();
    return CURL_SEEKFUNC_FAIL;
}

std::size_t Exchange::on_header(char* line, std::size_t size, std::size_t count, void* self) noexcept {
    const std::size_t length = size * count;
    return static_cast<Exchange*>(self)->take_header({line, length}) ? length : 0;
}

bool Exchange::take_header(std::string_view line) {
    header_bytes_ += line.size();
    if (header_bytes_ > max_header_bytes) {
        callback_error_ = make_error(Errc::malformed, "http.send", "the answer's head is too long");
        return false;
    }
    const std::lock_guard lock(mutex_);
    if (head_done_) return true;  // trailers
    if (line.starts_with("HTTP/")) {
        status_ = status_of(line);
        headers_ = {};
        return true;
    }
    const auto text = trimmed(line);
    if (text.empty()) {
        head_done_ = status_ >= 200;  // what came before was an interim answer
        if (head_done_) changed_.notify_all();
        return true;
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos) {
        headers_.add(std::string(text.substr(0, colon)), std::string(trimmed(text.substr(colon + 1))));
    }
    return true;
}

std::size_t Exchange::on_receive(char* bytes, std::size_t size, std::size_t count, void* self) noexcept {
    return static_cast<Exchange*>(self)->receive({reinterpret_cast<const std::uint8_t*>(bytes), size * count});
}

std::size_t Exchange::receive(ByteView bytes) {
    const auto now = std::chrono::steady_clock::now();
    if (!pace_.download.is_open(now)) {
        paced_receive_ = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    const std::lock_guard lock(mutex_);
    if (!request_.receive_into.empty() && status_ >= 200 && status_ <= 299) {
        if (bytes.size() > request_.receive_into.size() - received_into_) {
            callback_error_ = make_error(Errc::integrity, "http.read", "the answer is longer than there is room for");
            return 0;
        }
        std::copy(bytes.begin(), bytes.end(), request_.receive_into.begin() + static_cast<std::ptrdiff_t>(received_into_));
        received_into_ += bytes.size();
    } else {
        if (!buffer_.empty() && buffer_.size() + bytes.size() > buffer_limit_bytes) {
            paused_ = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
        changed_.notify_all();
    }
    pace_.download.take_late(bytes.size(), now);
    return bytes.size();
}

}  // namespace streamforge::http
