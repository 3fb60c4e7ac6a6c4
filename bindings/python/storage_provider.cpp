#include "storage_provider.hpp"

#include <pybind11/stl.h>

#include "storage_enums.hpp"
#include "support/record.hpp"

namespace streamforge::python {
namespace {

using namespace storage;

Error stopped(const char* operation) { return make_error(Errc::cancelled, operation, "the caller asked to stop"); }

/// Lends `body` to `call` for as long as it lasts.
template <class T, class Call>
Result<T> with_body(const char* operation, Body& body, const std::stop_token& stop, Call&& call) {
    return from_python<T>(operation, [&]() -> T {
        const py::object reader = py::cast(BodyReader(body, stop));
        struct Closer {
            const py::object& reader;
            ~Closer() { reader.cast<BodyReader&>().close(); }
        } closer{reader};
        return call(reader);
    });
}

template <class Base>
py::function method_of(const Base* self, const char* name, const char* operation) {
    py::function method = py::get_override(self, name);
    if (!method) throw Exception(make_error(Errc::unsupported, operation, std::string("the Python class does not define ") + name));
    return method;
}

/// An object's bytes in a buffer of Python.
class BufferReader final : public ObjectReader {
public:
    BufferReader(ObjectInfo info, ByteRange range, Buffer buffer) : ObjectReader(std::move(info), range), buffer_(std::move(buffer)) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        const auto rest = buffer_.bytes().subspan(position_);
        const auto part = rest.first(std::min(into.size(), rest.size()));
        std::copy(part.begin(), part.end(), into.begin());
        position_ += part.size();
        return part.size();
    }
    Buffer buffer_;
    std::size_t position_ = 0;
};

/// An object's bytes from an open file of Python.
class FileReader final : public ObjectReader {
public:
    FileReader(ObjectInfo info, ByteRange range, py::object file)
        : ObjectReader(std::move(info), range), file_(std::move(file)), left_(range.length) {}

private:
    Result<std::size_t> do_read(std::span<std::uint8_t> into) override {
        return from_python<std::size_t>("python.store.read", [&] {
            std::size_t filled = 0;
            while (filled < into.size() && left_ > 0) {
                const auto wanted = std::min<std::uint64_t>(into.size() - filled, left_);
                const py::bytes part = file_.get().attr("read")(wanted);
                const std::string_view bytes = part;
                if (bytes.empty()) throw Exception(make_error(Errc::integrity, "python.store.read", "the object is shorter than it said"));
                if (bytes.size() > wanted) throw py::value_error("read gave more than was asked");
                std::copy(bytes.begin(), bytes.end(), into.begin() + static_cast<std::ptrdiff_t>(filled));
                filled += bytes.size();
                left_ -= bytes.size();
            }
            return filled;
        });
    }
    PythonReference file_;
    std::uint64_t left_;
};

/// The range that the caller asked for, cut to the object.
ByteRange range_of(const GetOptions& options, std::uint64_t size_bytes) {
    if (!options.range) return {0, size_bytes};
    if (options.range->offset >= size_bytes && !(options.range->offset == 0 && size_bytes == 0)) {
        throw Exception(make_error(Errc::invalid_argument, "python.store.get", "the range begins past the end"));
    }
    return {options.range->offset, std::min(options.range->length, size_bytes - options.range->offset)};
}

std::unique_ptr<ObjectReader> make_reader(const py::tuple& answer, const GetOptions& options) {
    auto info = answer[0].cast<ObjectInfo>();
    const ByteRange range = range_of(options, info.size_bytes);
    const py::object data = answer[1];
    if (PyObject_CheckBuffer(data.ptr()) == 0) return std::make_unique<FileReader>(std::move(info), range, data);
    Buffer buffer(data);
    if (buffer.bytes().size() != range.length) {
        throw Exception(make_error(Errc::integrity, "python.store.get", "do_get gave another number of bytes than the range holds"));
    }
    return std::make_unique<BufferReader>(std::move(info), range, std::move(buffer));
}

/// A Python upload as the caller's own object: keeps the Python half alive.
class HeldUpload final : public MultipartUpload {
public:
    HeldUpload(std::shared_ptr<MultipartUpload> inner, std::uint32_t max_parts)
        : MultipartUpload(inner->key(), inner->upload_id(), max_parts), inner_(std::move(inner)) {}

private:
    Result<PartInfo> do_put_part(std::uint32_t number, Body body, std::stop_token stop) override {
        return inner_->put_part(number, std::move(body), std::move(stop));
    }
    Result<std::vector<PartInfo>> do_list_parts(std::stop_token stop) override { return inner_->list_parts(std::move(stop)); }
    Result<ObjectInfo> do_complete(std::span<const PartInfo> parts, std::stop_token stop) override {
        return inner_->complete(parts, std::move(stop));
    }
    Result<void> do_abort() override { return inner_->abort(); }
    std::shared_ptr<MultipartUpload> inner_;
};

class PythonCredentials final : public CredentialsProvider {
public:
    explicit PythonCredentials(py::object fetch) : CredentialsProvider(system_clock()), fetch_(std::move(fetch)) {}

private:
    Result<Credentials> do_fetch(std::stop_token) override {
        return from_python<Credentials>("python.credentials", [&] {
            const py::object given = fetch_.get()();
            const auto& found = given.cast<const Credentials&>();
            Credentials copy;
            copy.access_key_id = found.access_key_id;
            copy.secret_access_key = found.secret_access_key.clone();
            copy.session_token = found.session_token.clone();
            copy.expires_at = found.expires_at;
            return copy;
        });
    }
    PythonReference fetch_;
};

}  // namespace

storage::Body& BodyReader::body() const {
    if (body_ == nullptr) throw py::value_error("the body may only be read during the call that it was given to");
    return *body_;
}

std::size_t BodyReader::next(storage::Body& body, std::span<std::uint8_t> into) const {
    if (stop_.stop_requested()) unwrap(Result<void>(stopped("python.body.read")));
    return unwrap(body.read(into));
}

py::bytes BodyReader::read(std::int64_t size) {
    Bytes bytes;
    {
        auto& body = this->body();
        py::gil_scoped_release release;
        constexpr std::size_t step = 1 << 20;
        while (size < 0 || bytes.size() < static_cast<std::size_t>(size)) {
            const auto want = size < 0 ? step : std::min(step, static_cast<std::size_t>(size) - bytes.size());
            const auto before = bytes.size();
            bytes.resize(before + want);
            const auto count = next(body, std::span(bytes).subspan(before));
            bytes.resize(before + count);
            if (count < want) break;
        }
    }
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::size_t BodyReader::readinto(const WritableBuffer& into) {
    auto& body = this->body();
    py::gil_scoped_release release;
    return next(body, into.writable());
}

void BodyReader::rewind() {
    auto& body = this->body();
    py::gil_scoped_release release;
    unwrap(body.rewind());
}

Result<ObjectInfo> PythonStore::do_put(const std::string& key, Body body, const PutOptions& options, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.put");
    return with_body<ObjectInfo>("python.store.put", body, stop, [&](const py::object& reader) {
        return method_of<ObjectStore>(this, "do_put", "python.store.put")(key, reader, options).cast<ObjectInfo>();
    });
}

Result<std::unique_ptr<ObjectReader>> PythonStore::do_get(const std::string& key, const GetOptions& options, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.get");
    return from_python<std::unique_ptr<ObjectReader>>("python.store.get", [&] {
        return make_reader(method_of<ObjectStore>(this, "do_get", "python.store.get")(key, options).cast<py::tuple>(), options);
    });
}

Result<ObjectInfo> PythonStore::do_head(const std::string& key, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.head");
    return from_override<ObjectInfo, ObjectStore>(this, "do_head", "python.store.head", key);
}

Result<ObjectStore::ListAnswer> PythonStore::do_list(const ListRequest& request, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.list");
    ListAnswer answer;
    if (!request.uploads) {
        auto page = from_override<ListPage, ObjectStore>(this, "do_list", "python.store.list", request.options);
        if (!page) return std::move(page).error();
        answer.page = *std::move(page);
        return answer;
    }
    auto page = from_override<UploadPage, ObjectStore>(this, "do_list_uploads", "python.store.list", request.options);
    if (!page) return std::move(page).error();
    answer.uploads = std::move(page->uploads);
    answer.page.next_page_token = std::move(page->next_page_token);
    return answer;
}

Result<RemoveReport> PythonStore::do_remove(std::span<const std::string> keys, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.remove");
    RemoveReport report;
    for (const auto& key : keys) {
        auto removed = from_override<void, ObjectStore>(this, "do_remove", "python.store.remove", key);
        if (removed) {
            ++report.removed;
        } else {
            report.failed.emplace_back(key, std::move(removed).error());
        }
    }
    return report;
}

Result<ObjectInfo> PythonStore::do_copy(const std::string& from, const std::string& to, const CopyOptions& options, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.copy");
    return from_override<ObjectInfo, ObjectStore>(this, "do_copy", "python.store.copy", from, to, options);
}

Result<std::unique_ptr<MultipartUpload>> PythonStore::do_multipart(const std::string& key, const MultipartRequest& request,
                                                                   std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.store.multipart");
    return from_python<std::unique_ptr<MultipartUpload>>("python.store.multipart", [&] {
        const py::object made = request.upload_id.empty()
            ? method_of<ObjectStore>(this, "do_begin_multipart", "python.store.multipart")(key, request.options)
            : method_of<ObjectStore>(this, "do_resume_multipart", "python.store.multipart")(key, request.upload_id);
        return std::make_unique<HeldUpload>(made.cast<Held<MultipartUpload>>().pointer, capabilities().max_parts);
    });
}

Result<PresignedRequest> PythonStore::do_presign(const std::string& key, const PresignOptions& options) {
    return from_python<PresignedRequest>("python.store.presign", [&] {
        const py::object made = method_of<ObjectStore>(this, "do_presign", "python.store.presign")(key, options);
        const auto& found = made.cast<const PresignedRequest&>();
        PresignedRequest request;
        request.method = found.method;
        request.url = found.url.clone();
        request.headers = found.headers;
        for (const auto& [name, value] : found.fields) request.fields.emplace_back(name, value.clone());
        request.expires_at = found.expires_at;
        return request;
    });
}

Result<PartInfo> PythonUpload::do_put_part(std::uint32_t number, Body body, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.upload.put_part");
    return with_body<PartInfo>("python.upload.put_part", body, stop, [&](const py::object& reader) {
        return method_of<MultipartUpload>(this, "do_put_part", "python.upload.put_part")(number, reader).cast<PartInfo>();
    });
}

Result<std::vector<PartInfo>> PythonUpload::do_list_parts(std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.upload.list_parts");
    return from_override<std::vector<PartInfo>, MultipartUpload>(this, "do_list_parts", "python.upload.list_parts");
}

Result<ObjectInfo> PythonUpload::do_complete(std::span<const PartInfo> parts, std::stop_token stop) {
    if (stop.stop_requested()) return stopped("python.upload.complete");
    return from_override<ObjectInfo, MultipartUpload>(this, "do_complete", "python.upload.complete",
                                                      std::vector<PartInfo>(parts.begin(), parts.end()));
}

Result<void> PythonUpload::do_abort() { return from_override<void, MultipartUpload>(this, "do_abort", "python.upload.abort"); }

std::shared_ptr<CredentialsProvider> make_python_credentials(py::object fetch) {
    return std::make_shared<PythonCredentials>(std::move(fetch));
}

}  // namespace streamforge::python
