// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"

#include <string>

namespace sluice::schema {

/// Where the checker is in an object: a chain on the stack, from the value up to the root, that is
/// turned into text only when something is wrong.
struct Frame {
  const Frame* up = nullptr;
  const yaml::Node* key = nullptr;  ///< null: an item of a list, or the root
  std::uint32_t index = 0;
};

/// "/spec/containers/0/image" (RFC 6901), with `last` added when it is not empty.
std::string pointer(const Frame& frame, std::string_view last = {});

/// Appends a key to a JSON pointer ("~" is "~0", "/" is "~1").
void append_step(std::string& pointer, std::string_view key);

/// Makes a pointer longer for as long as it lives, which is cheaper than a text of its own for
/// every part of a large schema.
class Deeper {
 public:
  Deeper(std::string& pointer, std::string_view step);
  Deeper(std::string& pointer, std::string_view step, std::string_view next);
  ~Deeper() { pointer_.resize(size_); }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  std::string& pointer_;
  std::size_t size_;
};

/// What a person calls the value: the field's name, "args[2]" for an item.
std::string name_of(const Frame& frame);

/// A value for a message: its text in quotes, "a list", "a mapping", null.
std::string shown(const yaml::Node& node);

/// "a string", "an integer", ...
std::string_view kind_name(yaml::Kind kind);

/// "a string or an integer", of a set of bits by yaml::Kind.
std::string kinds_text(std::uint32_t accepts);

}  // namespace sluice::schema
