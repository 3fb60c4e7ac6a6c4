// The back end of the uploader's browser test: a line of JSON in, a line of JSON out.
// Usage: upload_desk URL BUCKET PROVIDER PREFIX PART_BYTES   (keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)
#include <cstdlib>
#include <iostream>
#include <string>

#include <streamforge/storage/browser_uploads.hpp>
#include <streamforge/storage/s3_store.hpp>

int main(int argc, char** argv) {
    using namespace streamforge::storage;
    if (argc != 6) return 2;
    S3Options options;
    options.endpoint_url = argv[1];
    options.bucket = argv[2];
    options.provider = argv[3];
    options.region = "us-east-1";
    options.connection.proxy = "none";
    const auto store = open_s3(options);
    if (!store) {
        std::cerr << store.error().describe() << '\n';
        return 1;
    }
    const auto uploads = BrowserUploads::make(*store, {.prefix = argv[4], .part_bytes = std::strtoull(argv[5], nullptr, 10)});
    if (!uploads) {
        std::cerr << uploads.error().describe() << '\n';
        return 1;
    }
    for (std::string line; std::getline(std::cin, line);) std::cout << uploads->answer(line) << std::endl;
    return 0;
}
