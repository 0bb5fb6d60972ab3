// SPDX-License-Identifier: Apache-2.0
#include "yaml/document.hpp"

#include <memory>
#include <new>
#include <sys/mman.h>
#include <type_traits>

namespace sluice::yaml {
namespace {

/// Pages that the processor maps at once, where the system has them: to fault in each 4 KiB takes
/// longer than to fill it.
constexpr std::size_t large_page = std::size_t{2} << 20U;

constexpr std::align_val_t alignment(std::size_t bytes) {
  return std::align_val_t{bytes < large_page ? alignof(Node) : large_page};
}

}  // namespace

static_assert(std::is_trivially_copyable_v<Node> && std::is_trivially_destructible_v<Node>);

NodeArena::NodeArena(std::size_t nodes) : size_(nodes) {
  const auto bytes = nodes * sizeof(Node);
  auto* room = ::operator new(bytes, alignment(bytes));
  if (bytes >= large_page) {
    (void)::madvise(room, bytes / large_page * large_page, MADV_HUGEPAGE);  // only a wish
  }
  nodes_ = static_cast<Node*>(room);
}

NodeArena::~NodeArena() {
  ::operator delete(nodes_, alignment(size_ * sizeof(Node)));
}

std::span<const Node> NodeArena::keep(std::span<const Node> nodes) {
  auto* const begin = nodes_ + used_;
  std::uninitialized_copy(nodes.begin(), nodes.end(), begin);
  used_ += nodes.size();
  return {begin, nodes.size()};
}

}  // namespace sluice::yaml
