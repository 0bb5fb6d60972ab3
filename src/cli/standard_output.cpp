// SPDX-License-Identifier: Apache-2.0
#include "cli/standard_output.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::cli {

int StandardOutput::sync() {
  const char* from = pbase();
  while (from < pptr() && failure_ == 0) {
    const ssize_t written = ::write(STDOUT_FILENO, from, static_cast<std::size_t>(pptr() - from));
    if (written < 0 && errno != EINTR) {
      failure_ = errno;
    }
    from += written < 0 ? 0 : written;
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return failure_ == 0 ? 0 : -1;
}

int StandardOutput::overflow(int character) {
  if (sync() != 0) {
    return traits_type::eof();
  }
  if (!traits_type::eq_int_type(character, traits_type::eof())) {
    sputc(traits_type::to_char_type(character));
  }
  return traits_type::not_eof(character);
}

int StandardOutput::finish() {
  (void)sync();
  return failure_;
}

void hold_standard_descriptors() {
  for (int descriptor = 0; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) {
      (void)::open("/dev/null", O_RDONLY);  // gets the lowest free number: this one
    }
  }
}

}  // namespace sluice::cli
