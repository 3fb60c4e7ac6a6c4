// libraries: storage
#include <cstddef>
#include <cstdint>

#include "storage/credentials/fetchers.hpp"
#include "storage/s3/s3_failure.hpp"
#include "storage/s3/s3_xml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace s3 = streamforge::storage::s3;
    const streamforge::ByteView xml(data, size);
    (void)s3::root_name(xml);
    (void)s3::parse_list(xml);
    (void)s3::parse_uploads(xml);
    (void)s3::parse_parts(xml);
    (void)s3::parse_upload_id(xml);
    (void)s3::parse_result(xml);
    (void)s3::parse_delete(xml);
    (void)s3::failure_of_answer(200, {}, xml, "fuzz").error.describe();
    (void)streamforge::storage::parse_sts(xml);
    return 0;
}
