// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/text.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::cost {

/// Text that ends at a row boundary: what does not fit is counted instead.
class Page {
 public:
  explicit Page(std::size_t limit) : limit_(limit < reserve ? 0 : limit - reserve) {}

  /// A block that stands whole or not at all.
  bool put(const std::string& block) {
    if (full_ || out_.size() + block.size() > limit_) {
      full_ = true;
      return false;
    }
    out_ += block;
    return true;
  }

  /// `head`, the rows that fit, `tail`; nothing when there are no rows.
  void table(const std::string& head,
             const std::vector<std::string>& rows,
             const std::string& tail) {
    if (rows.empty()) {
      return;
    }
    if (!put(head)) {
      missing_ += rows.size();
      return;
    }
    for (const auto& row : rows) {
      missing_ += put(row) ? 0U : 1U;
    }
    out_ += tail;  // closes what is open; the reserve has room for it
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

}  // namespace sluice::cost
