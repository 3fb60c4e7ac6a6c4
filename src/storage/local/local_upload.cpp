#include "storage/local/local_upload.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cerrno>
#include <fcntl.h>
#include <optional>

#include <streamforge/core/byte_source.hpp>

#include "core/try.hpp"
#include "storage/local/local_write.hpp"

namespace streamforge::storage {
namespace {

constexpr std::string_view note_name = "upload";
constexpr std::string_view part_prefix = "part-";
constexpr std::size_t id_digits = 16;
constexpr std::size_t max_note_bytes = 4096;

std::string folder_of(std::string_view id) { return std::string(uploads_folder) + '/' + std::string(id); }
std::string note_of(std::string_view id) { return folder_of(id) + '/' + std::string(note_name); }
std::string part_of(std::string_view id, std::uint32_t number) {
    return folder_of(id) + '/' + std::string(part_prefix) + std::to_string(number);
}

bool is_id(std::string_view id) {
    return id.size() == id_digits &&
           std::all_of(id.begin(), id.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Error no_such_upload(const char* operation, std::string_view key) {
    return make_error(Errc::not_found, operation, "there is no such upload").with("key", std::string(key));
}

/// The note: three lines; no line of it can hold a line feed (keys and header texts have no control characters).
struct Note {
    std::string key;
    bool if_none_match = false;
    std::string if_match;
};

std::string write_note(const Note& note) { return note.key + '\n' + (note.if_none_match ? "*" : "") + '\n' + note.if_match + '\n'; }

std::optional<Note> parse_note(std::string_view text) {
    std::array<std::string_view, 3> lines;
    for (auto& line : lines) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return std::nullopt;
        line = text.substr(0, end);
        text.remove_prefix(end + 1);
    }
    if (!text.empty() || lines[0].empty() || (!lines[1].empty() && lines[1] != "*")) return std::nullopt;
    return Note{std::string(lines[0]), !lines[1].empty(), std::string(lines[2])};
}

Result<std::string> read_small(int fd, std::string_view path) {
    std::string text(max_note_bytes, '\0');
    const auto got = ::pread(fd, text.data(), text.size(), 0);
    if (got < 0) return local_error(errno, "storage.upload", "cannot read the note of an upload", path);
    text.resize(static_cast<std::size_t>(got));
    return text;
}

Result<Note> read_note(const LocalFolder& folder, std::string_view id, const char* operation) {
    const auto path = note_of(id);
    SF_ASSIGN(const auto file, folder.open(path, O_RDONLY, operation));
    SF_ASSIGN(const auto text, read_small(file.get(), path));
    if (auto note = parse_note(text)) return *std::move(note);
    return make_error(Errc::integrity, operation, "the note of an upload is damaged").with("upload_id", std::string(id));
}

/// Names in the folder of an upload, or of all uploads.
std::vector<std::string> names_in(const LocalFolder& folder, const std::string& path) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder.root() / path, error), end; !error && at != end; at.increment(error)) {
        names.push_back(at->path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void remove_upload(const LocalFolder& folder, std::string_view id) {
    std::error_code error;
    std::filesystem::remove_all(folder.root() / folder_of(id), error);
    std::filesystem::remove(folder.root() / uploads_folder, error);  // only when it was the last one
}

class LocalMultipart final : public MultipartUpload {
public:
    LocalMultipart(std::shared_ptr<const LocalFolder> folder, Note note, std::string id, std::uint32_t max_parts, bool durable)
        : MultipartUpload(note.key, std::move(id), max_parts), folder_(std::move(folder)), note_(std::move(note)), durable_(durable) {}

private:
    Result<void> check_alive(const char* operation) const {
        if (folder_->open(note_of(upload_id()), O_PATH, operation)) return {};
        return no_such_upload(operation, key());
    }

    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        constexpr auto operation = "storage.put_part";
        SF_TRY(check_alive(operation));
        SF_ASSIGN(auto file, PendingFile::create(*folder_, part_of(upload_id(), number), operation));
        SF_TRY(file.write(body, stop));
        SF_ASSIGN(const auto info, file.commit({}, durable_));
        return PartInfo{number, info.size_bytes, info.etag, {}};
    }

    Result<std::vector<PartInfo>> do_list_parts(std::stop_token) override {
        constexpr auto operation = "storage.list_parts";
        SF_TRY(check_alive(operation));
        std::vector<PartInfo> parts;
        for (const auto& name : names_in(*folder_, folder_of(upload_id()))) {
            std::uint32_t number = 0;
            const auto* end = name.data() + name.size();
            if (!name.starts_with(part_prefix)) continue;
            if (std::from_chars(name.data() + part_prefix.size(), end, number).ptr != end) continue;
            SF_ASSIGN(auto found, open_part(number, operation));
            parts.push_back(std::move(found.info));
        }
        std::sort(parts.begin(), parts.end(), [](const PartInfo& a, const PartInfo& b) { return a.number < b.number; });
        return parts;
    }

    struct OpenPart {
        UniqueFd file;
        PartInfo info;
    };
    Result<OpenPart> open_part(std::uint32_t number, const char* operation) const {
        const auto path = part_of(upload_id(), number);
        SF_ASSIGN(auto file, folder_->open(path, O_RDONLY, operation));
        struct stat status {};
        if (::fstat(file.get(), &status) != 0) return local_error(errno, operation, "cannot examine a part", path);
        return OpenPart{std::move(file), {number, static_cast<std::uint64_t>(status.st_size), etag_of(status), {}}};
    }

    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        constexpr auto operation = "storage.complete";
        SF_TRY(check_alive(operation));
        SF_ASSIGN(auto whole, PendingFile::create(*folder_, key(), operation));
        for (const auto& part : parts) {
            auto held = open_part(part.number, operation);
            if (!held || held->info != part) {
                return make_error(Errc::integrity, operation, "a part is missing or is not the one that was stored")
                    .with("number", std::to_string(part.number));
            }
            SF_TRY(whole.append_file(held->file.get(), stop));
        }
        SF_ASSIGN(auto info, whole.commit({note_.if_none_match, note_.if_match}, durable_));
        remove_upload(*folder_, upload_id());
        return info;
    }

    Result<void> do_abort() override {
        remove_upload(*folder_, upload_id());
        return {};
    }

    std::shared_ptr<const LocalFolder> folder_;
    Note note_;
    bool durable_;
};

}  // namespace

Result<std::unique_ptr<MultipartUpload>> open_local_upload(std::shared_ptr<const LocalFolder> folder, const std::string& key,
                                                           const PutOptions& options, const std::string& upload_id, std::uint32_t max_parts,
                                                           bool durable) {
    auto id = upload_id;
    Note note{key, options.if_none_match, options.if_match};
    if (id.empty()) {
        id = random_name();
        SF_ASSIGN(auto file, PendingFile::create(*folder, note_of(id), "storage.begin_multipart"));
        const auto text = write_note(note);
        Body body(text);
        SF_TRY(file.write(body, {}));
        SF_TRY(file.commit({}, durable));
    } else {
        constexpr auto operation = "storage.resume_multipart";
        if (!is_id(id)) return no_such_upload(operation, key);
        auto found = read_note(*folder, id, operation);
        if (!found || found->key != key) return no_such_upload(operation, key);
        note = *std::move(found);
    }
    return std::unique_ptr<MultipartUpload>(
        std::make_unique<LocalMultipart>(std::move(folder), std::move(note), std::move(id), max_parts, durable));
}

Result<std::vector<UploadInfo>> list_local_uploads(const LocalFolder& folder) {
    std::vector<UploadInfo> uploads;
    for (const auto& id : names_in(folder, std::string(uploads_folder))) {
        if (!is_id(id)) continue;
        const auto note = read_note(folder, id, "storage.list_uploads");
        if (!note) continue;  // completed meanwhile, or torn by a crash before its first part
        SF_ASSIGN(const auto file, folder.open(note_of(id), O_PATH, "storage.list_uploads"));
        struct stat status {};
        if (::fstat(file.get(), &status) != 0) continue;
        uploads.push_back({note->key, id, info_of(status, {}).last_modified});
    }
    return uploads;
}

}  // namespace streamforge::storage
