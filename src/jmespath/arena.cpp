// SPDX-License-Identifier: Apache-2.0
#include "jmespath/arena.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::jmespath {

void* Arena::allocate(std::size_t bytes, std::size_t alignment) {
  while (current_ < chunks_.size()) {
    const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start + bytes <= chunks_[current_].bytes) {
      used_ = start + bytes;
      return chunks_[current_].memory.get() + start;
    }
    ++current_;
    used_ = 0;
  }
  const std::size_t size = std::max(chunk_bytes, bytes);
  // Left uninitialised on purpose: array() constructs what it hands out.
  chunks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
  used_ = bytes;
  return chunks_[current_].memory.get();
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) {
    return "";
  }
  auto* memory = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(memory, text.data(), text.size());
  return {memory, text.size()};
}

std::string_view Arena::concat(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) {
    size += part.size();
  }
  if (size == 0) {
    return "";
  }
  auto* memory = static_cast<char*>(allocate(size, 1));
  char* next = memory;
  for (const auto part : parts) {
    next = std::copy(part.begin(), part.end(), next);
  }
  return {memory, size};
}

void Arena::reset() {
  current_ = 0;
  used_ = 0;
}

}  // namespace sluice::jmespath
