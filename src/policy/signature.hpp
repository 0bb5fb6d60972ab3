// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <memory>
#include <string_view>

namespace sluice::policy {

/// A public key of ECDSA on the curve P-256, which is what cosign makes.
class PublicKey {
 public:
  /// From PEM ("PUBLIC KEY", a SubjectPublicKeyInfo of RFC 5480).
  /// Errors: parse (no key), unsupported (a key of another sort).
  static Result<PublicKey> from_pem(std::string_view pem);

  /// Whether this is the DER signature of the SHA-256 of a message by the key's owner.
  [[nodiscard]] bool verifies(std::string_view message, std::string_view signature) const;

 private:
  struct Point;
  std::shared_ptr<const Point> point_;
};

}  // namespace sluice::policy
