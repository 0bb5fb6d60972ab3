// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::cost {

/// A map of names that is a sorted array: the few resources of a container, ten thousand times.
template <class Value>
class FlatMap {
 public:
  using Entry = std::pair<std::string, Value>;
  using const_iterator = typename std::vector<Entry>::const_iterator;

  FlatMap() = default;
  FlatMap(std::initializer_list<Entry> entries) {
    for (const auto& [name, value] : entries) {
      set(name, value);
    }
  }

  [[nodiscard]] const_iterator begin() const { return entries_.begin(); }
  [[nodiscard]] const_iterator end() const { return entries_.end(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// nullptr when the name is not there.
  [[nodiscard]] const Value* find(std::string_view name) const {
    const auto at = std::ranges::lower_bound(entries_, name, {}, &Entry::first);
    return at != entries_.end() && at->first == name ? &at->second : nullptr;
  }
  /// The value of a name, made when it is not there.
  Value& operator[](std::string_view name) {
    auto at = std::ranges::lower_bound(entries_, name, {}, &Entry::first);
    if (at == entries_.end() || at->first != name) {
      at = entries_.insert(at, Entry(std::string(name), Value()));
    }
    return at->second;
  }
  void set(std::string_view name, Value value) { (*this)[name] = std::move(value); }
  /// Takes what is not there yet.
  void fill_from(const FlatMap& other) {
    for (const auto& [name, value] : other) {
      if (find(name) == nullptr) {
        set(name, value);
      }
    }
  }
  template <class Predicate>
  void erase_if(Predicate predicate) {
    std::erase_if(entries_, predicate);
  }

  friend bool operator==(const FlatMap&, const FlatMap&) = default;

 private:
  std::vector<Entry> entries_;
};

}  // namespace sluice::cost
