// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "policy/scalars.hpp"

#include <string_view>

namespace sluice::policy {

/// A certificate or certificate request in PEM as Go's encoding/json writes x509.Certificate and
/// x509.CertificateRequest: what Kyverno's x509_decode() gives. Nothing is verified.
/// Errors: parse (no PEM block of either sort, no RSA key, a structure that is not DER),
/// unsupported (extensions and signature algorithms that Go takes apart and this does not: name
/// constraints, policy constraints and mappings, RSASSA-PSS; URIs with more than plain parts).
Result<Value> decode_x509(Arena& arena, std::string_view pem);

}  // namespace sluice::policy
