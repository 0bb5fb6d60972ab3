// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "edit/place.hpp"
#include "yaml/parse.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::edit {

/// Keys and indices of a JSON pointer, unescaped; "" is the root.
/// Errors (Kind::usage): it does not begin with '/', or holds a '~' that escapes nothing.
Result<std::vector<std::string>> split_pointer(std::string_view pointer);

/// A node and how it was reached: index of its parent among the steps, and its key or place there.
/// Paths are only written out when somebody asks, because a hostile document could make them long.
struct Step {
  const yaml::Node* node = nullptr;
  const yaml::Node* key = nullptr;  ///< nullptr in a sequence and at the root
  std::size_t parent = 0;
  std::size_t index = 0;
};

/// A file read for editing: the documents that can be read, in order.
class Tree {
 public:
  /// Errors: those of yaml::parse. What is wrong with single documents is in findings().
  static Result<Tree> read(std::string_view bytes, const std::string& file);

  /// The YAML text that a scalar of `file` holds.
  static Result<Tree> read_within(const yaml::Node& scalar, const std::string& file) {
    return read(scalar.text, file + '#');  // never ".json", whatever the file is
  }

  [[nodiscard]] const std::vector<yaml::Document>& documents() const { return stream_.documents; }
  [[nodiscard]] const std::vector<diag::Finding>& findings() const { return stream_.findings; }

  /// The document of that index. Errors (Kind::parse, Kind::not_found): there are fewer; says what
  /// could not be read.
  [[nodiscard]] Result<const yaml::Document*> document(std::uint32_t index) const;

 private:
  yaml::Stream stream_;
  std::string file_;
};

/// The nodes from the root to the one at `pointer`, both included.
/// Errors: Kind::not_found; Kind::unsupported when an alias or a merge key (<<) stands on the way:
/// the bytes are elsewhere, and the message says where.
Result<std::vector<const yaml::Node*>> trail(const yaml::Document& document,
                                             std::string_view pointer);

/// All nodes of a document except what lies behind aliases (the alias itself is one), parents
/// before children; the root is the first.
std::vector<Step> all_nodes(const yaml::Document& document);
/// The JSON pointer of one of them.
std::string path_of(std::span<const Step> steps, std::size_t step);

/// Whether `alias` stands for the very node `node`.
bool is_alias_of(const yaml::Node& alias, const yaml::Node& node);

/// "file:line:column".
std::string place_text(const yaml::Document& document, const yaml::Node& node);

}  // namespace sluice::edit
