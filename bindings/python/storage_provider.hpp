#pragma once

#include "support/callbacks.hpp"

#include <streamforge/storage/object_store.hpp>
#include <streamforge/storage/credentials.hpp>

// Stores, uploads and credentials that are written in Python.
namespace streamforge::python {

/// A body while a Python provider may read it: what is kept longer says so in place of touching what is gone, and a stop ends the reading.
class BodyReader {
public:
    BodyReader(storage::Body& body, std::stop_token stop) : body_(&body), stop_(std::move(stop)) {}
    void close() { body_ = nullptr; }
    [[nodiscard]] std::optional<std::uint64_t> size_bytes() const { return body().size_bytes(); }
    /// At most `size` bytes; everything that is left without it.
    [[nodiscard]] py::bytes read(std::int64_t size);
    [[nodiscard]] std::size_t readinto(const WritableBuffer& into);
    void rewind();

private:
    [[nodiscard]] storage::Body& body() const;
    [[nodiscard]] std::size_t next(storage::Body& body, std::span<std::uint8_t> into) const;
    storage::Body* body_;
    std::stop_token stop_;
};

/// Calls the `do_…` methods of a Python class.
class PythonStore final : public storage::ObjectStore {
public:
    explicit PythonStore(storage::Capabilities capabilities) : ObjectStore(std::move(capabilities)) {}

private:
    Result<storage::ObjectInfo> do_put(const std::string& key, storage::Body body, const storage::PutOptions& options,
                                       std::stop_token stop) override;
    Result<std::unique_ptr<storage::ObjectReader>> do_get(const std::string& key, const storage::GetOptions& options,
                                                          std::stop_token stop) override;
    Result<storage::ObjectInfo> do_head(const std::string& key, std::stop_token stop) override;
    Result<ListAnswer> do_list(const ListRequest& request, std::stop_token stop) override;
    Result<storage::RemoveReport> do_remove(std::span<const std::string> keys, std::stop_token stop) override;
    Result<storage::ObjectInfo> do_copy(const std::string& from, const std::string& to, const storage::CopyOptions& options,
                                        std::stop_token stop) override;
    Result<std::unique_ptr<storage::MultipartUpload>> do_multipart(const std::string& key, const MultipartRequest& request,
                                                                   std::stop_token stop) override;
    Result<storage::PresignedRequest> do_presign(const std::string& key, const storage::PresignOptions& options) override;
};

/// Calls the `do_…` methods of a Python class.
class PythonUpload final : public storage::MultipartUpload {
public:
    PythonUpload(std::string key, std::string upload_id, std::uint32_t max_parts)
        : MultipartUpload(std::move(key), std::move(upload_id), max_parts) {}

private:
    Result<storage::PartInfo> do_put_part(std::uint32_t number, storage::Body body, std::stop_token stop) override;
    Result<std::vector<storage::PartInfo>> do_list_parts(std::stop_token stop) override;
    Result<storage::ObjectInfo> do_complete(std::span<const storage::PartInfo> parts, std::stop_token stop) override;
    Result<void> do_abort() override;
};

/// Credentials from a Python callable, kept and renewed by the library.
[[nodiscard]] std::shared_ptr<storage::CredentialsProvider> make_python_credentials(py::object fetch);

}  // namespace streamforge::python
