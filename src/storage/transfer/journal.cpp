#include "storage/transfer/journal.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/crypto/checksum.hpp>
#include <streamforge/crypto/encoding.hpp>
#include <streamforge/crypto/hash.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

namespace fs = std::filesystem;
constexpr auto operation = "storage.journal";
constexpr std::uint64_t max_journal_bytes = std::uint64_t{64} << 20;
constexpr std::size_t crc_digits = 8;

Error io_error(const char* what, const fs::path& path) { return error_from_errno(errno, operation, what).with("path", path.string()); }

std::string crc_text(std::string_view record) {
    const auto crc = crypto::crc32c(crypto::bytes_of(record));
    const std::uint8_t bytes[] = {static_cast<std::uint8_t>(crc >> 24), static_cast<std::uint8_t>(crc >> 16),
                                  static_cast<std::uint8_t>(crc >> 8), static_cast<std::uint8_t>(crc)};
    return crypto::hex_encode(bytes);
}

std::string line_of(std::string_view record) { return crc_text(record) + " " + std::string(record) + "\n"; }

Result<void> write_all(int fd, std::string_view text, const fs::path& path) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return io_error("cannot write the journal", path);
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

void sync_folder(const fs::path& path) {
    const UniqueFd folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) (void)::fsync(folder.get());
}

}  // namespace

Result<std::vector<std::string>> Journal::read(const fs::path& path) {
    std::vector<std::string> records;
    auto source = open_file(path);
    if (!source) {
        if (source.error().code == Errc::not_found) return records;
        return std::move(source).error();
    }
    if ((*source)->size_bytes() > max_journal_bytes)
        return make_error(Errc::limit_exceeded, operation, "the journal is too long").with("path", path.string());
    Bytes bytes(static_cast<std::size_t>((*source)->size_bytes()));
    SF_ASSIGN(const auto count, (*source)->read_at(0, bytes));
    std::string_view text(reinterpret_cast<const char*>(bytes.data()), count);
    while (true) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos || end < crc_digits + 1) return records;
        const auto line = text.substr(0, end);
        const auto record = line.substr(crc_digits + 1);
        if (line[crc_digits] != ' ' || line.substr(0, crc_digits) != crc_text(record)) return records;
        records.emplace_back(record);
        text.remove_prefix(end + 1);
    }
}

Result<Journal> Journal::create(const fs::path& path, const std::vector<std::string>& records) {
    std::error_code ignored;
    const auto absolute = fs::absolute(path, ignored);
    fs::create_directories(absolute.parent_path(), ignored);
    auto fresh = absolute;
    fresh += ".new";
    UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    if (!fd) return io_error("cannot make the journal", fresh);
    std::string text;
    for (const auto& record : records) text += line_of(record);
    SF_TRY(write_all(fd.get(), text, fresh));
    if (::fdatasync(fd.get()) != 0) return io_error("cannot keep the journal", fresh);
    if (::rename(fresh.c_str(), absolute.c_str()) != 0) return io_error("cannot place the journal", absolute);
    sync_folder(absolute);
    return Journal(std::move(fd), absolute);
}

Result<void> Journal::append(std::string_view record) {
    SF_TRY(write_all(fd_.get(), line_of(record), path_));
    if (::fdatasync(fd_.get()) != 0) return io_error("cannot keep the journal", path_);
    return {};
}

void Journal::remove(const fs::path& path) noexcept {
    std::error_code ignored;
    fs::remove(path, ignored);
}

Result<TransferLock> TransferLock::take(const fs::path& journal) {
    std::error_code ignored;
    auto path = fs::absolute(journal, ignored);
    fs::create_directories(path.parent_path(), ignored);
    path += ".lock";
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!fd) return io_error("cannot make the transfer's lock", path);
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        return make_error(Errc::already_exists, operation, "another process is at the same transfer").with("path", path.string());
    }
    return TransferLock(std::move(fd));
}

}  // namespace streamforge::storage
