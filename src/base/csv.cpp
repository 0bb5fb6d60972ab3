// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sluice::text {
namespace {

constexpr std::size_t most_fields = 1000;

}  // namespace

Error Csv::error(const std::string& why) const {
  return {Error::Kind::parse, printable(file_) + ':' + std::to_string(row_line_) + ": " + why};
}

Result<Csv::Row> Csv::next() {
  row_line_ = line_;
  Row row;
  for (;;) {
    if (row.size() == most_fields) {
      return error("more than 1,000 fields");
    }
    row.emplace_back();
    SLUICE_TRY(bytes_.substr(at_, 1) == "\"" ? quoted(row.back()) : plain(row.back()));
    if (at_end()) {
      return row;
    }
    const char after = bytes_[at_++];
    if (after == ',') {
      continue;
    }
    if (after == '\r' && bytes_.substr(at_, 1) == "\n") {
      ++at_;
    } else if (after != '\n') {
      return error("text after a closing quote, or a carriage return alone");
    }
    ++line_;
    return row;
  }
}

Status Csv::plain(std::string& field) {
  const std::size_t end = std::min(bytes_.find_first_of(",\r\n", at_), bytes_.size());
  field = bytes_.substr(at_, end - at_);
  at_ = end;
  if (field.find('"') != std::string::npos) {
    return error("a quote in the middle of a field");
  }
  return ok;
}

Status Csv::quoted(std::string& field) {
  for (++at_;;) {
    const std::size_t quote = bytes_.find('"', at_);
    if (quote == std::string_view::npos) {
      return error("a quote that is never closed");
    }
    field += bytes_.substr(at_, quote - at_);
    at_ = quote + 1;
    if (bytes_.substr(at_, 1) != "\"") {
      line_ += static_cast<std::size_t>(std::ranges::count(field, '\n'));
      return ok;
    }
    field += '"';
    ++at_;
  }
}

}  // namespace sluice::text
