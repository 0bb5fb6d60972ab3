// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sluice::jmespath {

/// Memory for the values that an evaluation makes. It is handed out by moving a pointer and given
/// back all at once, so that judging an object costs no allocation once the first few have been
/// judged. Not for types with a destructor.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) {
      return {};
    }
    auto* memory = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    for (std::size_t i = 0; i < count; ++i) {
      new (memory + i) T();
    }
    return {memory, count};
  }
  template <class T>
  T* make() {
    return array<T>(1).data();
  }

  std::string_view copy(std::string_view text);
  std::string_view concat(std::initializer_list<std::string_view> parts);

  /// Everything handed out so far is void; the memory stays for the next round.
  void reset();

 private:
  static constexpr std::size_t chunk_bytes = 64U << 10U;
  struct Chunk {
    std::unique_ptr<std::byte[]> memory;
    std::size_t bytes = 0;
  };

  void* allocate(std::size_t bytes, std::size_t alignment);

  std::vector<Chunk> chunks_;
  std::size_t current_ = 0;  ///< index of the chunk in use
  std::size_t used_ = 0;     ///< bytes of it that are taken
};

}  // namespace sluice::jmespath
