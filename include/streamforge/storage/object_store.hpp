#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <streamforge/core/byte_source.hpp>
#include <streamforge/core/bytes.hpp>
#include <streamforge/core/export.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/storage/body.hpp>
#include <streamforge/storage/multipart.hpp>
#include <streamforge/storage/object_info.hpp>

namespace streamforge::storage {

/// What a backend can do. A call that needs what is `false` here fails with `Errc::unsupported` before anything is sent.
struct Capabilities {
    std::string backend{};           ///< "local", "memory", "s3".
    std::string place{};             ///< Which store it is among those of its backend: endpoint and bucket; may be empty.
    bool put_if_none_match = false;  ///< "Create only" is atomic.
    bool put_if_match = false;       ///< "Replace only this version" is atomic among users of this library, or better.
    bool stores_headers = false;     ///< Content-Type and Cache-Control are kept; else they follow from the extension.
    bool stores_metadata = false;    ///< User metadata are kept; else a put with metadata is refused.
    bool multipart = false;
    bool presign = false;
    bool atomic_publish_tree = false;  ///< `publish_tree` is one step for readers.
    bool uniform_parts = false;        ///< All parts but the last must be equally long.
    std::uint64_t max_object_bytes = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t max_put_bytes = std::numeric_limits<std::uint64_t>::max();  ///< In one `put`; beyond it: multipart.
    std::uint64_t min_part_bytes = 1;                                         ///< Of every part but the last.
    std::uint64_t max_part_bytes = std::numeric_limits<std::uint64_t>::max();
    std::uint32_t max_parts = 10'000;
    /// "crc64nvme" or "crc32c": what uploads in parts are begun with, so that whoever sends a part must tell its checksum; else empty.
    std::string part_checksum{};
};

struct PutOptions {
    std::string content_type{};   ///< Empty: from the key's extension.
    std::string cache_control{};  ///< e.g. "public, max-age=31536000, immutable"; empty: none.
    Metadata metadata{};
    bool if_none_match = false;  ///< Create only: fail with `precondition_failed` when the object exists.
    std::string if_match{};      ///< Replace only the version with this ETag; empty: any.
    /// For `begin_multipart`: the parts come from elsewhere, such as a browser, and carry no checksums that the store could demand.
    bool parts_by_others = false;

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

struct GetOptions {
    std::optional<ByteRange> range{};  ///< Clipped to the object's end; must begin inside it. Empty: everything.
    std::string if_match{};            ///< Fail with `precondition_failed` unless the ETag is this one; empty: any.
};

struct CopyOptions {
    bool if_none_match = false;  ///< As in `PutOptions`, for the target.
};

struct ListOptions {
    std::string prefix{};           ///< Every key that begins with it; may end inside a segment.
    bool folders = false;           ///< Stop at the next `/` after the prefix and report what is below as `prefixes`.
    std::string page_token{};       ///< `next_page_token` of the page before; empty: from the start.
    std::uint32_t max_keys = 1000;  ///< 1 to 1000 per page, objects and prefixes together.
};

struct ListPage {
    std::vector<ObjectInfo> objects{};    ///< In byte order of their keys. No metadata.
    std::vector<std::string> prefixes{};  ///< With `folders`: each ends with `/`, in byte order.
    std::string next_page_token{};        ///< Empty on the last page.
};

struct UploadPage {
    std::vector<UploadInfo> uploads{};
    std::string next_page_token{};
};

struct RemoveReport {
    std::size_t removed = 0;  ///< Keys that are gone now, whether they were there or not.
    std::vector<std::pair<std::string, Error>> failed{};
};

/// What a presigned request may do.
enum class PresignMethod : std::uint8_t {
    get,
    head,
    put,
    post,             ///< A form, as browsers send it: see `PresignedRequest::fields`.
    begin_multipart,  ///< The answer, XML, tells the upload id.
    put_part,
    list_parts,
    complete_multipart,
    abort_multipart,
};

struct PresignOptions {
    PresignMethod method = PresignMethod::get;
    std::chrono::seconds expires_in{900};  ///< 1 s to 7 days.
    std::string content_type{};     ///< For `put`, `post` and `begin_multipart`: signed, so the sender must repeat it; empty: not signed.
    std::string upload_id{};        ///< For the multipart methods.
    std::uint32_t part_number = 0;  ///< For `put_part`.
    std::string checksum{};         ///< For `put_part`: "crc64nvme=…", which the store then demands of the bytes; empty: none.
    std::uint64_t min_bytes = 0;    ///< For `post`: shorter files are refused.
    std::uint64_t max_bytes = std::uint64_t{5} << 30;  ///< For `post`: longer files are refused.
};

/// A request that anyone may send until it expires.
struct PresignedRequest {
    std::string method{};                                        ///< "GET", "PUT", …
    Secret url{};                                                ///< Whoever has it has the right: not for logs.
    std::vector<std::pair<std::string, std::string>> headers{};  ///< To be sent exactly so.
    /// For `post`: the form's fields before the last one, which is called "file" and holds the bytes. They grant the right: not for logs.
    std::vector<std::pair<std::string, Secret>> fields{};
    std::chrono::system_clock::time_point expires_at{};
};

/// The bytes of one version of an object, in order. What was opened stays readable and whole when the object is replaced or
/// removed meanwhile, or reading fails with `precondition_failed`; versions never mix.
///
/// *Lifetime*: keeps what it needs of its store alive. *Thread safety*: none.
class STREAMFORGE_EXPORT ObjectReader {
public:
    virtual ~ObjectReader();
    ObjectReader(const ObjectReader&) = delete;
    ObjectReader& operator=(const ObjectReader&) = delete;

    /// Of the whole object.
    [[nodiscard]] const ObjectInfo& info() const noexcept { return info_; }
    /// The part of the object that `read` gives.
    [[nodiscard]] const ByteRange& range() const noexcept { return range_; }
    /// The next bytes; 0 after the last. Short only at the end. *Errors*: `io`, `integrity` (the object was cut short).
    [[nodiscard]] Result<std::size_t> read(std::span<std::uint8_t> into) { return do_read(into); }

protected:
    ObjectReader(ObjectInfo info, ByteRange range) : info_(std::move(info)), range_(range) {}

private:
    virtual Result<std::size_t> do_read(std::span<std::uint8_t> into) = 0;
    ObjectInfo info_;
    ByteRange range_;
};

struct ObjectBytes {
    ObjectInfo info{};
    Bytes bytes{};
};

/// Objects by key: a folder, memory, or a bucket. Every write is atomic: readers see the old object or the new one, never half.
///
/// All calls block and take a `stop_token` (*Errors*: `cancelled`). Keys follow `validate_key`; common *Errors* of all calls:
/// `invalid_argument`, `permission_denied`, `unauthenticated`, `io`, `network`, `throttled`, `unavailable`, `timed_out`.
///
/// *Thread safety*: all calls.
class STREAMFORGE_EXPORT ObjectStore {
public:
    virtual ~ObjectStore();
    ObjectStore(const ObjectStore&) = delete;
    ObjectStore& operator=(const ObjectStore&) = delete;

    [[nodiscard]] const Capabilities& capabilities() const noexcept { return capabilities_; }

    /// Stores `body` as `key`, whole or not at all.
    /// *Errors*: `precondition_failed`, `no_space`, `read_only`, `not_a_file` (a folder has that name),
    /// `limit_exceeded` (longer than `max_put_bytes`), `integrity` (the body is not as long as it said), `unsupported`.
    [[nodiscard]] Result<ObjectInfo> put(std::string_view key, Body body, const PutOptions& options = {}, std::stop_token stop = {});

    /// Opens `key` for reading. *Errors*: `not_found`, `precondition_failed`, `invalid_argument` (the range begins past the end).
    [[nodiscard]] Result<std::unique_ptr<ObjectReader>> get(std::string_view key, const GetOptions& options = {},
                                                            std::stop_token stop = {});
    /// The whole object (or range) in memory. *Errors*: as `get`, and `limit_exceeded` above `max_bytes`.
    [[nodiscard]] Result<ObjectBytes> get_bytes(std::string_view key, const GetOptions& options = {}, std::stop_token stop = {},
                                                std::uint64_t max_bytes = std::uint64_t{1} << 30);

    /// *Errors*: `not_found`.
    [[nodiscard]] Result<ObjectInfo> head(std::string_view key, std::stop_token stop = {});

    /// One page of keys. A prefix without objects is an empty page, not an error.
    [[nodiscard]] Result<ListPage> list(const ListOptions& options, std::stop_token stop = {});
    /// All pages of `prefix`, in order. *Errors*: `limit_exceeded` above `max_keys`.
    [[nodiscard]] Result<std::vector<ObjectInfo>> list_all(std::string_view prefix, std::stop_token stop = {},
                                                           std::size_t max_keys = 1'000'000);
    /// Unfinished uploads under `prefix`, to find what a crash left behind. *Errors*: `unsupported`.
    [[nodiscard]] Result<UploadPage> list_uploads(std::string_view prefix, std::string_view page_token = {}, std::stop_token stop = {});

    /// Removes all `keys`; absent ones count as removed. One bad key does not keep the others: see `failed`.
    [[nodiscard]] Result<RemoveReport> remove(std::span<const std::string> keys, std::stop_token stop = {});
    /// Removes one key; absent is a success.
    [[nodiscard]] Result<void> remove(std::string_view key, std::stop_token stop = {});

    /// Copies inside the store, without the bytes passing through the caller, headers and metadata included.
    /// *Errors*: `not_found`, and those of `put`.
    [[nodiscard]] Result<ObjectInfo> copy(std::string_view from, std::string_view to, const CopyOptions& options = {},
                                          std::stop_token stop = {});

    /// Begins an upload in parts; conditions in `options` are checked when it completes. *Errors*: `unsupported`.
    [[nodiscard]] Result<std::unique_ptr<MultipartUpload>> begin_multipart(std::string_view key, const PutOptions& options = {},
                                                                           std::stop_token stop = {});
    /// Takes up an upload begun earlier, perhaps by another process. A bucket keeps no conditions until the end: `options`
    /// gives those that the upload was begun with, and nothing else of it counts. *Errors*: `not_found`, `unsupported`.
    [[nodiscard]] Result<std::unique_ptr<MultipartUpload>> resume_multipart(std::string_view key, std::string_view upload_id,
                                                                            const PutOptions& options = {}, std::stop_token stop = {});

    /// A request that lets its bearer do one thing to `key` for a while. *Errors*: `unsupported`.
    [[nodiscard]] Result<PresignedRequest> presign(std::string_view key, const PresignOptions& options = {});

protected:
    explicit ObjectStore(Capabilities capabilities) : capabilities_(std::move(capabilities)) {}

    /// Begin a new upload with `options`, or take up `upload_id` with the conditions in them.
    struct MultipartRequest {
        PutOptions options;
        std::string upload_id;  ///< Empty: begin.
    };
    /// Objects, or unfinished uploads.
    struct ListRequest {
        ListOptions options;
        bool uploads = false;
    };
    struct ListAnswer {
        ListPage page;
        std::vector<UploadInfo> uploads;
    };

private:
    // Arguments have been validated and checked against the capabilities before any of these is called; `put` options carry
    // a content type always.
    virtual Result<ObjectInfo> do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) = 0;
    virtual Result<std::unique_ptr<ObjectReader>> do_get(const std::string& key, const GetOptions& options, std::stop_token stop) = 0;
    virtual Result<ObjectInfo> do_head(const std::string& key, std::stop_token stop) = 0;
    virtual Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) = 0;
    virtual Result<RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) = 0;
    virtual Result<ObjectInfo> do_copy(const std::string& from, const std::string& to, const CopyOptions& options,
                                       std::stop_token stop) = 0;
    /// By default `unsupported`.
    virtual Result<std::unique_ptr<MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                                  std::stop_token stop);
    /// By default `unsupported`.
    virtual Result<PresignedRequest> do_presign(const std::string& key, const PresignOptions& options);

    Capabilities capabilities_;
};

/// `key` as random access bytes, pinned to the version it has now: for probing and indexing straight from a store.
/// *Errors*: as `head`; reads fail with `precondition_failed` once the object was replaced.
/// *Cost*: one ranged `get` per window of `window_bytes`, of which two are kept.
[[nodiscard]] STREAMFORGE_EXPORT Result<std::shared_ptr<ByteSource>> open_object(std::shared_ptr<ObjectStore> store, std::string_view key,
                                                                                 std::uint64_t window_bytes = std::uint64_t{4} << 20);

}  // namespace streamforge::storage
