#pragma once

#include <string>

#include <streamforge/cdn/cat.hpp>

#include "cdn/cat/cbor.hpp"

namespace streamforge::cdn::cat {

// Labels as node-cat and the Rust crate have them.
enum Label : std::int64_t {
    label_iss = 1,
    label_sub = 2,
    label_aud = 3,
    label_exp = 4,
    label_nbf = 5,
    label_iat = 6,
    label_cti = 7,
    label_catreplay = 308,
    label_catv = 310,
    label_catnip = 311,
    label_catu = 312,
    label_catm = 313,
    label_catgeoiso3166 = 316,
};

enum UrlPart : std::int64_t {
    part_scheme = 0,
    part_host,
    part_port,
    part_path,
    part_query,
    part_parent_path,
    part_filename,
    part_stem,
    part_extension
};
enum Match : std::int64_t { match_exact = 0, match_prefix = 1, match_suffix = 2, match_contains = 3, match_sha256 = -1 };

/// The claims of a token for this request, as a CBOR map.
[[nodiscard]] Bytes write_claims(const SignRequest& request, const CatOptions& options);

/// Reads claims into the grant's policy and checks those that the policy cannot carry. *Errors*: `denied`.
[[nodiscard]] Result<void> read_claims(const cbor::Item& claims, const CatOptions& options, const UrlParts& url,
                                       const VerifyRequest& request, SignPolicy& policy);

/// Whether the URL is what `catu` asks for. *Errors*: `denied`.
[[nodiscard]] Result<void> check_url(const cbor::Item& catu, const UrlParts& url);

}  // namespace streamforge::cdn::cat
