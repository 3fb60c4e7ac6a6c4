#include <streamforge/storage/transfer.hpp>

#include "core/try.hpp"

namespace streamforge::storage {

Result<SweepReport> sweep_uploads(ObjectStore& store, std::string_view prefix, std::chrono::seconds older_than,
                                  std::chrono::system_clock::time_point now, std::stop_token stop) {
    SweepReport report;
    std::string token;
    do {
        SF_ASSIGN(const auto page, store.list_uploads(prefix, token, stop));
        for (const auto& upload : page.uploads) {
            ++report.found;
            if (now - upload.started <= older_than) continue;
            auto taken_up = store.resume_multipart(upload.key, upload.upload_id, {}, stop);
            if (!taken_up) {
                if (taken_up.error().code == Errc::not_found) continue;  // it ended meanwhile
                return std::move(taken_up).error();
            }
            SF_TRY((*taken_up)->abort());
            ++report.aborted;
        }
        token = page.next_page_token;
    } while (!token.empty());
    return report;
}

}  // namespace streamforge::storage
