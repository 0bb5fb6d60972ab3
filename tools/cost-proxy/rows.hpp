// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/text.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::cost_proxy {

/// Text that ends at a row boundary: what does not fit is counted instead.
class Rows {
 public:
  explicit Rows(std::size_t limit) : limit_(limit < reserve ? 0 : limit - reserve) {}

  /// A block that stands whole or not at all.
  bool put(const std::string& block) {
    if (full_ || out_.size() + block.size() > limit_) {
      full_ = true;
      return false;
    }
    out_ += block;
    return true;
  }

  /// `head`, the rows that fit, `tail`; nothing when there are no rows. `row` is asked for rows
  /// only as long as they fit.
  template <class Row>
  void table(const std::string& head, std::size_t count, Row row, const std::string& tail) {
    if (count == 0) {
      return;
    }
    if (!put(head)) {
      missing_ += count;
      return;
    }
    std::size_t shown = 0;
    while (shown < count && put(row(shown))) {
      ++shown;
    }
    missing_ += count - shown;
    out_ += tail;  // closes what is open; the reserve has room for it
  }

  void table(const std::string& head,
             const std::vector<std::string>& rows,
             const std::string& tail) {
    table(head, rows.size(), [&rows](std::size_t i) { return rows[i]; }, tail);
  }

  std::string finish() && {
    if (missing_ != 0) {
      out_ += "\n" + text::counted(missing_, "more row") + " left out here: see the JSON report.\n";
    }
    return std::move(out_);
  }

 private:
  static constexpr std::size_t reserve = 500;  ///< for tails and the last line
  std::size_t limit_;
  std::size_t missing_ = 0;
  bool full_ = false;
  std::string out_;
};

}  // namespace sluice::cost_proxy
