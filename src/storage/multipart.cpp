#include <streamforge/storage/multipart.hpp>

namespace streamforge::storage {

MultipartUpload::~MultipartUpload() = default;

Result<PartInfo> MultipartUpload::put_part(std::uint32_t number, Body body, std::stop_token stop) {
    if (number == 0 || number > max_parts_) {
        return make_error(Errc::invalid_argument, "storage.put_part", "part numbers go from 1 to the store's limit")
            .with("number", std::to_string(number))
            .with("max_parts", std::to_string(max_parts_));
    }
    return do_put_part(number, std::move(body), std::move(stop));
}

Result<std::vector<PartInfo>> MultipartUpload::list_parts(std::stop_token stop) { return do_list_parts(std::move(stop)); }

Result<ObjectInfo> MultipartUpload::complete(std::span<const PartInfo> parts, std::stop_token stop) {
    if (parts.empty()) {
        return make_error(Errc::invalid_argument, "storage.complete", "an upload needs at least one part to be completed");
    }
    std::uint32_t previous = 0;
    for (const auto& part : parts) {
        if (part.number <= previous) {
            return make_error(Errc::invalid_argument, "storage.complete", "part numbers must ascend")
                .with("number", std::to_string(part.number));
        }
        previous = part.number;
    }
    return do_complete(parts, std::move(stop));
}

Result<void> MultipartUpload::abort() { return do_abort(); }

}  // namespace streamforge::storage
