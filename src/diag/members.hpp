// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/json.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Strict reading of the JSON that Sluice itself writes. Private to src/diag.
namespace sluice::diag {

/// Why a text is not what it should be. Thrown; each reader turns it into its Error.
struct Unreadable {
  std::string reason;
};

/// Throws Unreadable on a member that is there twice, which the parser itself would let pass, and
/// Json::exception on what is no JSON.
Json parse_strictly(std::string_view text);

/// One JSON object, read member by member; what nobody asked for is an error. All of it throws
/// Unreadable.
class Members {
 public:
  /// `place` names the object in messages: "findings/3". `json` must outlive this.
  Members(const Json& json, std::string place);

  const Json* optional(const std::string& key);
  const Json& required(const std::string& key);
  std::string text(const std::string& key);
  std::string text_or_empty(const std::string& key);
  std::uint32_t number(const std::string& key);
  std::uint32_t number_or_zero(const std::string& key);
  const Json& list(const std::string& key);
  std::vector<std::string> texts(const std::string& key);

  /// Call when all that is known has been asked for.
  void done() const;

 private:
  [[nodiscard]] std::string as_text(const Json& value, const std::string& key) const;
  [[nodiscard]] std::uint32_t as_number(const Json& value, const std::string& key) const;

  const Json& json_;
  std::string place_;
  std::set<std::string> asked_;
};

}  // namespace sluice::diag
