#include "conformance/object_store_conformance.hpp"

#include <streamforge/storage/s3_store.hpp>

#include "s3/server.hpp"

namespace streamforge::storage {
namespace {

template <testing::S3Server::Kind kind>
class S3Backend {
public:
    /// versitygw looks whether the object exists and then writes: two creators at once can both win there.
    static constexpr bool creation_races = kind == testing::S3Server::Kind::versitygw;
    static std::string why_not() { return testing::S3Server::shared(kind) != nullptr ? "" : testing::no_server(kind); }
    ObjectStore& store() {
        if (!store_) store_ = open_s3(server().options(server().make_bucket())).value();
        return *store_;
    }

private:
    static testing::S3Server& server() { return *testing::S3Server::shared(kind); }
    std::shared_ptr<ObjectStore> store_;
};

using VersitygwBackend = S3Backend<testing::S3Server::Kind::versitygw>;
using MinioBackend = S3Backend<testing::S3Server::Kind::minio>;

INSTANTIATE_TYPED_TEST_SUITE_P(Versitygw, ObjectStoreConformance, VersitygwBackend);
INSTANTIATE_TYPED_TEST_SUITE_P(Minio, ObjectStoreConformance, MinioBackend);

}  // namespace
}  // namespace streamforge::storage
