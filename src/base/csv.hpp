// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

/// Rows of comma-separated values (RFC 4180), one at a time: fields may be quoted, a quote within
/// quotes is doubled, lines end with LF or CRLF.
class Csv {
 public:
  using Row = std::vector<std::string>;

  /// `bytes` must outlive the reader; `file` is named in errors.
  Csv(std::string_view bytes, std::string file) : bytes_(bytes), file_(std::move(file)) {}

  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }
  /// Errors (parse), with file and line: an open quote, text behind a closing one, a quote or a
  /// lone carriage return within a plain field, more than 1,000 fields.
  Result<Row> next();
  /// An error at the last row: "file:3: why".
  [[nodiscard]] Error error(const std::string& why) const;

 private:
  Status plain(std::string& field);
  Status quoted(std::string& field);

  std::string_view bytes_;
  std::string file_;
  std::size_t at_ = 0, line_ = 1, row_line_ = 1;
};

}  // namespace sluice::text
