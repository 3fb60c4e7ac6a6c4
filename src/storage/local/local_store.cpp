#include <streamforge/storage/local_store.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>

#include <streamforge/storage/publish_tree.hpp>

#include "core/try.hpp"
#include "storage/byte_range.hpp"
#include "storage/local/local_folder.hpp"
#include "storage/local/local_list.hpp"
#include "storage/local/local_publish.hpp"
#include "storage/local/local_upload.hpp"
#include "storage/local/local_write.hpp"

namespace streamforge::storage {
namespace {

class LocalReader final : public ObjectReader {
public:
    LocalReader(UniqueFd file, ObjectInfo info, ByteRange range)
        : ObjectReader(std::move(info), range), file_(std::move(file)), offset_(range.offset), left_(range.length) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
        std::size_t done = 0;
        while (done < wanted) {
            const auto got = ::pread(file_.get(), into.data() + done, wanted - done, static_cast<off_t>(offset_));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return local_error(errno, "storage.get", "cannot read the object", info().key);
            if (got == 0) {
                return make_error(Errc::integrity, "storage.get", "the file was cut short while it was read").with("key", info().key);
            }
            done += static_cast<std::size_t>(got);
            offset_ += static_cast<std::uint64_t>(got);
            left_ -= static_cast<std::uint64_t>(got);
        }
        return done;
    }

    UniqueFd file_;
    std::uint64_t offset_;
    std::uint64_t left_;
};

constexpr int read_flags = O_RDONLY | O_NONBLOCK;  // a pipe in the folder must not hold a reader up

Capabilities local_capabilities() {
    Capabilities capabilities;
    capabilities.backend = "local";
    capabilities.put_if_none_match = true;
    capabilities.put_if_match = true;
    capabilities.multipart = true;
    capabilities.atomic_publish_tree = true;
    return capabilities;
}

Error not_found(const char* operation, std::string_view key) {
    return make_error(Errc::not_found, operation, "there is no such object").with("key", std::string(key));
}

struct OpenFile {
    UniqueFd file;
    ObjectInfo info;
};

class LocalStore final : public ObjectStore, public TreePublisher {
public:
    LocalStore(std::filesystem::path root, bool durable)
        : ObjectStore(local_capabilities()), folder_(std::make_shared<const LocalFolder>(std::move(root))), durable_(durable) {}

private:
    static Result<void> writable(std::string_view key, const char* operation) {
        if (!is_reserved(key)) return {};
        return make_error(Errc::invalid_argument, operation, "names beginning with '.streamforge-' belong to the store")
            .with("key", std::string(key));
    }

    /// A regular file; anything else is no object.
    Result<OpenFile> open_object_file(const std::string& key, int flags, const char* operation) const {
        if (is_reserved(key)) return not_found(operation, key);
        auto file = folder_->open(key, flags, operation);
        if (!file) {
            if (file.error().code == Errc::not_found || file.error().native_code == ENXIO) return not_found(operation, key);
            return std::move(file).error();
        }
        struct stat status {};
        if (::fstat(file->get(), &status) != 0) return local_error(errno, operation, "cannot examine the object", key);
        if (!S_ISREG(status.st_mode)) return not_found(operation, key);
        return OpenFile{*std::move(file), info_of(status, key)};
    }

    Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) override {
        constexpr auto operation = "storage.put";
        SF_TRY(writable(key, operation));
        SF_ASSIGN(auto file, PendingFile::create(*folder_, key, operation));
        SF_TRY(file.write(body, stop));
        return file.commit({options.if_none_match, options.if_match}, durable_);
    }

    Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token) override {
        SF_ASSIGN(auto found, open_object_file(key, read_flags, "storage.get"));
        if (!options.if_match.empty() && found.info.etag != options.if_match) {
            return make_error(Errc::precondition_failed, "storage.get", "the object is not the expected version").with("key", key);
        }
        SF_ASSIGN(const auto range, clip_range(options.range, found.info.size_bytes, key));
        return std::unique_ptr<ObjectReader>(std::make_unique<LocalReader>(std::move(found.file), std::move(found.info), range));
    }

    Result<ObjectInfo> do_head(const std::string& key, std::stop_token) override {
        SF_ASSIGN(auto found, open_object_file(key, O_PATH, "storage.head"));
        return std::move(found.info);
    }

    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override {
        ListAnswer answer;
        if (!request.uploads) {
            SF_ASSIGN(answer.page, list_local(*folder_, request.options, stop));
            return answer;
        }
        SF_ASSIGN(auto uploads, list_local_uploads(*folder_));
        for (auto& upload : uploads) {
            if (upload.upload_id <= request.options.page_token || !upload.key.starts_with(request.options.prefix)) continue;
            if (answer.uploads.size() == request.options.max_keys) {
                answer.page.next_page_token = answer.uploads.back().upload_id;
                break;
            }
            answer.uploads.push_back(std::move(upload));
        }
        return answer;
    }

    Result<void> remove_one(const std::string& key) {
        constexpr auto operation = "storage.remove";
        SF_TRY(writable(key, operation));
        auto place = folder_->place_of(key, false, operation);
        if (!place) {
            if (place.error().code == Errc::not_found) return {};
            return std::move(place).error();
        }
        // EISDIR: a folder is no object, so there is nothing of that key to remove.
        if (::unlinkat(place->folder.get(), place->name.c_str(), 0) != 0 && errno != ENOENT && errno != EISDIR) {
            return local_error(errno, operation, "cannot remove the object", key);
        }
        folder_->prune(key);
        return {};
    }

    Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override {
        RemoveReport report;
        for (const auto& key : keys) {
            if (stop.stop_requested()) return make_error(Errc::cancelled, "storage.remove", "stopped while removing");
            if (auto removed = remove_one(key); removed)
                ++report.removed;
            else
                report.failed.emplace_back(key, std::move(removed).error());
        }
        return report;
    }

    Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) override {
        constexpr auto operation = "storage.copy";
        SF_TRY(writable(to, operation));
        SF_ASSIGN(const auto source, open_object_file(from, read_flags, operation));
        SF_ASSIGN(auto file, PendingFile::create(*folder_, to, operation));
        SF_TRY(file.append_file(source.file.get(), stop));
        return file.commit({options.if_none_match, {}}, durable_);
    }

    Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                          std::stop_token) override {
        SF_TRY(writable(key, "storage.begin_multipart"));
        return open_local_upload(folder_, key, request.options, request.upload_id, capabilities().max_parts, durable_);
    }

    Result<void> do_publish_tree(const std::string& staging, const std::string& target, std::stop_token) override {
        SF_TRY(writable(staging, "storage.publish_tree"));
        SF_TRY(writable(target, "storage.publish_tree"));
        return publish_local_tree(*folder_, staging, target, durable_);
    }

    Result<void> do_remove_tree(const std::string& prefix, std::stop_token) override {
        SF_TRY(writable(prefix, "storage.remove_tree"));
        return remove_local_tree(*folder_, prefix);
    }

    std::shared_ptr<const LocalFolder> folder_;
    bool durable_;
};

}  // namespace

Result<std::shared_ptr<ObjectStore>> open_local(const std::filesystem::path& root, const LocalOptions& options) {
    constexpr auto operation = "storage.open_local";
    if (root.empty()) return make_error(Errc::invalid_argument, operation, "the path of the folder is empty");
    std::error_code error;
    auto absolute = std::filesystem::absolute(root, error).lexically_normal();
    if (error) return local_error(error.value(), operation, "cannot find the current folder", root.string());
    const auto status = std::filesystem::status(absolute, error);
    if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) {
        return make_error(Errc::not_a_file, operation, "the store's path is a file, a folder is needed").with("path", root.string());
    }
    return std::shared_ptr<ObjectStore>(std::make_shared<LocalStore>(std::move(absolute), options.durable));
}

}  // namespace streamforge::storage
