// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <streambuf>

namespace sluice::cli {

/// Standard output behind a buffer of 64 KiB that remembers the first write that failed: std::cout
/// would lose the reason, and its last bytes are written when nobody can look any more.
class StandardOutput : public std::streambuf {
 public:
  StandardOutput() { setp(buffer_.data(), buffer_.data() + buffer_.size()); }

  /// Writes what is left. The error number of the first write that failed, or 0.
  int finish();

 protected:
  int overflow(int character) override;
  int sync() override;

 private:
  std::array<char, std::size_t{64} * 1024> buffer_{};
  int failure_ = 0;
};

/// Makes sure that 0, 1 and 2 are open: were one of them not, the next file opened would get its
/// number and with it the output. What they stand for then cannot be written to.
void hold_standard_descriptors();

}  // namespace sluice::cli
