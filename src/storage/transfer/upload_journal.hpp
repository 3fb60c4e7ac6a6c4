#pragma once

#include <optional>
#include <string>
#include <vector>

#include <streamforge/storage/multipart.hpp>

#include "storage/transfer/part_plan.hpp"

namespace streamforge::storage {

/// What the first record of an upload's journal says.
struct UploadHeader {
    std::string store{};  ///< Which store: another one has other uploads under the same id.
    std::string key{};
    std::string upload_id{};
    std::string fingerprint{};  ///< Of the source.
    PartPlan plan{};

    friend bool operator==(const UploadHeader&, const UploadHeader&) = default;
};

struct UploadRecord {
    UploadHeader header{};
    std::vector<PartInfo> parts{};
};

[[nodiscard]] std::string write_header(const UploadHeader& header);
[[nodiscard]] std::string write_part(const PartInfo& part);
/// Nothing when the records are not an upload's, or of another version.
[[nodiscard]] std::optional<UploadRecord> parse_upload_record(const std::vector<std::string>& records);

/// Which parts need not be sent again: those that the store holds, of the planned length, and that the journal knows by the same
/// ETag. `doubtful` are those that the store holds but the journal does not know.
struct Reconciled {
    std::vector<PartInfo> kept{};
    std::vector<PartInfo> doubtful{};
};
[[nodiscard]] Reconciled reconcile(const PartPlan& plan, const std::vector<PartInfo>& journal, const std::vector<PartInfo>& held);

}  // namespace streamforge::storage
