// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "diag/finding.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Manifests as Kubernetes reads them. A document is parsed once by libyaml (or, for JSON, by a
/// reader of our own) into an arena of small nodes, and every tool works on that arena: nobody
/// re-parses, nobody copies.
///
/// Scalars carry the type that go-yaml, and so the API server, gives them: `yes`, `on` and `y` are
/// booleans, 0644 is octal, 1_0 is ten, 1:30 and 2001-01-01 are strings, custom tags are ignored,
/// !!binary is decoded.
namespace sluice::yaml {

enum class Kind : std::uint8_t { null, boolean, integer, real, string, sequence, mapping };
enum class Style : std::uint8_t {
  plain,
  single_quoted,
  double_quoted,
  literal,
  folded,
  flow,
  block,
  json
};

/// Bytes of the source: of a scalar's content without anchor and tag (quotes included), or of a
/// whole collection.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// 40 bytes; owned by its Document. Nodes under an alias are shared, not copied: the tree may be
/// walked as if it were one.
struct Node {
  Kind kind = Kind::null;
  Style style = Style::plain;
  bool by_alias = false;  ///< came in through an alias or a merge key
  Span span;
  std::string_view
      text;  ///< A scalar's value as text, unescaped; integers and reals as they are written.
  std::uint32_t first_child = 0;  ///< index into the arena
  std::uint32_t child_count =
      0;  ///< mappings: keys and values alternate, so twice the number of pairs

  [[nodiscard]] bool is_scalar() const { return kind < Kind::sequence; }
};

/// Where `render` says a document came from (ARCHITECTURE.md, "The stream"); empty for streams of
/// other tools.
struct Provenance {
  std::string unit;
  std::string env;
  std::string source;             ///< relative to the repository root
  std::uint32_t source_line = 0;  ///< line of the document's first byte in `source` when its bytes
                                  ///< come straight from there, else 0
  std::string destination;        ///< the cluster it goes to, when known
  std::string name_space;  ///< namespace that the agent gives to namespaced objects without one
};

/// A file's bytes and its lines; shared by the documents that were cut from it.
class Source {
 public:
  Source(std::string file, std::string bytes) : file_(std::move(file)), bytes_(std::move(bytes)) {}

  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  /// Line and column (both from 1, column in bytes) of a byte. Safe from several threads.
  [[nodiscard]] diag::Location at(std::size_t offset) const;

 private:
  std::string file_;
  std::string bytes_;
  mutable std::once_flag lines_once_;
  mutable std::vector<std::uint32_t> lines_;  ///< two for each block, see at()
};

/// Bytes that live as long as their document and never move: values that differ from what is
/// written.
class TextArena {
 public:
  /// Room for `size` bytes, to be written once.
  char* allocate(std::size_t size);
  std::string_view keep(std::string_view text);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

/// Room for the nodes of many documents, which keep it alive.
class NodeArena {
 public:
  static constexpr std::size_t most = (std::size_t{4} << 20U) / sizeof(Node);  ///< worth asking for

  explicit NodeArena(std::size_t nodes);
  ~NodeArena();
  NodeArena(const NodeArena&) = delete;
  NodeArena& operator=(const NodeArena&) = delete;

  [[nodiscard]] std::size_t left() const { return size_ - used_; }
  /// A copy that never moves. Precondition: left() is enough.
  std::span<const Node> keep(std::span<const Node> nodes);

 private:
  Node* nodes_;
  std::size_t size_;
  std::size_t used_ = 0;
};

/// One document: its nodes lie side by side.
class Document {
 public:
  [[nodiscard]] const Node& root() const { return nodes_.back(); }
  [[nodiscard]] bool empty() const { return nodes_.empty(); }
  [[nodiscard]] std::span<const Node> children(const Node& node) const {
    return {nodes_.data() + node.first_child, node.child_count};
  }
  /// The value of `key` in a mapping; nullptr when absent or when `mapping` is none.
  [[nodiscard]] const Node* find(const Node& mapping, std::string_view key) const;
  /// The key node itself, for pointing at it.
  [[nodiscard]] const Node* find_key(const Node& mapping, std::string_view key) const;
  /// Several keys deep: find(root, {"metadata", "name"}).
  [[nodiscard]] const Node* find(const Node& mapping,
                                 std::initializer_list<std::string_view> keys) const;
  /// The text of a string below, or empty.
  [[nodiscard]] std::string_view text(const Node& mapping,
                                      std::initializer_list<std::string_view> keys) const;

  /// Where a person should look: the file that `render` names with its line when the bytes come
  /// straight from it; the template without a line; the input itself for streams of other tools.
  [[nodiscard]] diag::Location where(const Node& node) const;
  /// The place in the parsed bytes, always with a line.
  [[nodiscard]] diag::Location in_stream(const Node& node) const;
  /// Fills location, rendered, unit and env of a finding that points at `node`.
  void locate(diag::Finding& finding, const Node& node) const;

  [[nodiscard]] const Provenance& origin() const { return origin_; }
  [[nodiscard]] const Source& source() const { return *source_; }
  /// The document's own bytes (without the `---` line before it).
  [[nodiscard]] std::string_view bytes() const {
    return source_->bytes().substr(begin_, end_ - begin_);
  }
  [[nodiscard]] std::size_t begin() const { return begin_; }

 private:
  friend class Builder;
  std::shared_ptr<const Source> source_;
  Provenance origin_;
  std::shared_ptr<const NodeArena> arena_;
  std::span<const Node> nodes_;  ///< in the arena
  TextArena texts_;  ///< values that differ from their bytes: unescaped, folded, decoded
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sluice::yaml
