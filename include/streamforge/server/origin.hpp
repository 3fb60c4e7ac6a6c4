#pragma once

#include <memory>
#include <string>

#include <streamforge/core/export.hpp>
#include <streamforge/core/log.hpp>
#include <streamforge/core/result.hpp>
#include <streamforge/server/message.hpp>
#include <streamforge/storage/object_store.hpp>

namespace streamforge::server {

struct OriginOptions {
    std::string prefix{};  ///< Of the keys that are served; empty or ending with `/`. "/a.m4s" is key prefix + "a.m4s".
    /// Of playlists and MPDs, which change.
    std::string manifest_cache_control = "public, max-age=5";
    /// Of segments, which never change under one name. Use "no-cache" when a tree is overwritten in place.
    std::string media_cache_control = "public, max-age=31536000, immutable";
    /// Of everything else: posters, sprites, captions, pages.
    std::string other_cache_control = "public, max-age=300";
    LogSink log{};  ///< Gets the errors of the store behind 5xx answers.

    /// *Errors*: `invalid_argument`, naming the field.
    [[nodiscard]] STREAMFORGE_EXPORT Result<void> validate() const;
};

/// Serves what lies in `store` to GET and HEAD: single ranges, ETag and date conditions, media types, caching.
///
/// The store's own Cache-Control wins over the options'. A response is always one version of the object: it was opened before
/// the first byte is sent. *Errors* of the call: `invalid_argument`. Of a request, as problem+json: 400, 404, 405, 412, 416, 5xx.
/// *Cost*: one `head` and one `get` per request; memory of one chunk. *Source*: RFC 9110 §13, §14; RFC 9111.
[[nodiscard]] STREAMFORGE_EXPORT Result<Handler> make_origin(std::shared_ptr<storage::ObjectStore> store,
                                                             const OriginOptions& options = {});

}  // namespace streamforge::server
