// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "policy/scalars.hpp"

#include <string_view>
#include <vector>

namespace sluice::policy {

/// Collects the fields of a certificate, as encoding/json names and writes them. All values are
/// copies.
class DerFields {
 public:
  explicit DerFields(Arena& arena) : arena_(arena) {}

  [[nodiscard]] Arena& arena() { return arena_; }
  void set(std::string_view name, const Value& value) { members_.push_back({name, value}); }
  void text(std::string_view name, std::string_view text) { set(name, make_string(arena_, text)); }
  void number(std::string_view name, double value) { set(name, Value::number(value)); }
  void boolean(std::string_view name, bool value) { set(name, Value::boolean(value)); }
  /// In base64.
  void bytes(std::string_view name, std::string_view bytes);
  /// A list; null when it is empty, as a Go slice that nobody made.
  Value list_value(const std::vector<Value>& elements);
  void list(std::string_view name, const std::vector<Value>& elements) {
    set(name, list_value(elements));
  }
  Value oid_value(std::string_view content);
  Value value() { return make_object(arena_, members_); }

 private:
  Arena& arena_;
  std::vector<Member> members_;
};

/// All fields of a certificate that come from extensions, set or not. `tagged` is what stands below
/// the tag [3]. Errors: as decode_x509().
Status add_certificate_extensions(DerFields& out, std::string_view tagged);
/// The same of a request's attributes.
Status add_request_attributes(DerFields& out, std::string_view attributes);

}  // namespace sluice::policy
