// libraries: storage
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "storage/credentials/aws_config.hpp"
#include "storage/credentials/fetchers.hpp"
#include "storage/transfer/upload_journal.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace streamforge::storage;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto kind : {AwsFileKind::config, AwsFileKind::credentials}) {
        AwsConfig config;
        config.parse(text, kind);
        (void)config.profile("default").get("region");
    }
    (void)split_command(text);
    (void)parse_credentials_json(text);
    (void)parse_upload_record({std::string(text), std::string(text)});
    return 0;
}
