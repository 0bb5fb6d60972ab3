// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace sluice {

/// A file descriptor that is closed at the end of scope.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  ~Descriptor() { (void)close(); }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  explicit operator bool() const { return value_ >= 0; }
  [[nodiscard]] int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

  /// Closes now; the error number of close(2), or 0.
  int close() {
    const int number = value_ >= 0 && ::close(value_) != 0 ? errno : 0;
    value_ = -1;
    return number;
  }

 private:
  int value_;
};

}  // namespace sluice
