#include "storage/local/local_list.hpp"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

#include <streamforge/storage/key.hpp>

#include "core/try.hpp"

namespace streamforge::storage {
namespace {

struct DirectoryCloser {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirectoryCloser>;

/// What of a directory entry a listing needs; a folder's name ends with '/', which also puts it where its keys sort.
struct Entry {
    std::string name;
    bool folder = false;
    ObjectInfo info;
};

class Lister {
public:
    Lister(const LocalFolder& folder, const ListOptions& options, const std::stop_token& stop)
        : folder_(folder), options_(options), stop_(stop) {}

    Result<ListPage> run() {
        // Only the deepest folder that the prefix names in full can hold matches.
        const auto slash = options_.prefix.rfind('/');
        const auto start = slash == std::string::npos ? std::string{} : options_.prefix.substr(0, slash + 1);
        SF_TRY(walk(start));
        return std::move(page_);
    }

private:
    [[nodiscard]] bool full() const { return !page_.next_page_token.empty(); }

    /// Whether all keys that begin with `path` were given on earlier pages.
    [[nodiscard]] bool before_token(const std::string& path) const {
        const auto& token = options_.page_token;
        if (token.empty()) return false;
        if (token.ends_with('/') && path.starts_with(token)) return true;
        return path.ends_with('/') ? path < token && !token.starts_with(path) : path <= token;
    }

    void count_or_finish(std::string last) {
        last_ = std::move(last);
        ++count_;
    }

    /// Notes that there is more, when the page is full already.
    bool stop_when_full() {
        if (count_ < options_.max_keys) return false;
        page_.next_page_token = last_;
        return true;
    }

    Result<void> walk(const std::string& path) {
        SF_ASSIGN(const auto entries, read(path));
        for (const auto& entry : entries) {
            if (full()) return {};
            if (stop_.stop_requested()) return make_error(Errc::cancelled, "storage.list", "stopped while listing");
            auto key = path + entry.name;
            if (!key.starts_with(options_.prefix) || before_token(key)) continue;
            if (entry.folder && !options_.folders)
                SF_TRY(walk(key));
            else if (entry.folder)
                SF_TRY(add_folder(key));
            else if (!stop_when_full())
                add_object(key, entry);
        }
        return {};
    }

    void add_object(const std::string& key, const Entry& entry) {
        page_.objects.push_back(entry.info);
        page_.objects.back().key = key;
        count_or_finish(key);
    }

    /// A folder counts when there is an object in it, as in a bucket.
    Result<void> add_folder(const std::string& path) {
        SF_ASSIGN(const bool any, holds_object(path));
        if (!any || stop_when_full()) return {};
        page_.prefixes.push_back(path);
        count_or_finish(path);
        return {};
    }

    Result<bool> holds_object(const std::string& path) {
        SF_ASSIGN(const auto entries, read(path));
        if (std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return !entry.folder; })) return true;
        for (const auto& entry : entries) {
            SF_ASSIGN(const bool below, holds_object(path + entry.name));
            if (below) return true;
        }
        return false;
    }

    /// The entries of a folder that could be (or hold) objects, in key order; none when the folder is gone.
    Result<std::vector<Entry>> read(const std::string& path) const {
        std::vector<Entry> entries;
        auto fd = folder_.open(path, O_RDONLY | O_DIRECTORY, "storage.list");
        if (!fd) {
            if (fd.error().code == Errc::not_found) return entries;
            return std::move(fd).error();
        }
        const int raw = fd->get();
        const Directory directory(::fdopendir(raw));
        if (!directory) return local_error(errno, "storage.list", "cannot read a folder", path);
        fd->release();
        errno = 0;
        while (const auto* item = ::readdir(directory.get())) {
            add_entry(raw, path, item->d_name, entries);
            errno = 0;
        }
        if (errno != 0) return local_error(errno, "storage.list", "cannot read a folder", path);
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
        return entries;
    }

    void add_entry(int directory, const std::string& path, std::string name, std::vector<Entry>& entries) const {
        if (name == "." || name == ".." || name.starts_with(reserved_prefix) || !validate_key(path + name)) return;
        struct stat status {};
        if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;  // gone meanwhile
        if (S_ISDIR(status.st_mode)) {
            entries.push_back({name + '/', true, {}});
            return;
        }
        if (S_ISLNK(status.st_mode) && !resolve_link(path + name, status)) return;
        if (S_ISREG(status.st_mode)) entries.push_back({name, false, info_of(status, path + name)});
    }

    [[nodiscard]] bool resolve_link(const std::string& key, struct stat& status) const {
        const auto target = folder_.open(key, O_PATH, "storage.list");
        return target && ::fstat(target->get(), &status) == 0;
    }

    const LocalFolder& folder_;
    const ListOptions& options_;
    const std::stop_token& stop_;
    ListPage page_;
    std::size_t count_ = 0;
    std::string last_;
};

}  // namespace

Result<ListPage> list_local(const LocalFolder& folder, const ListOptions& options, const std::stop_token& stop) {
    if (is_reserved(options.prefix)) return ListPage{};
    return Lister(folder, options, stop).run();
}

}  // namespace streamforge::storage
