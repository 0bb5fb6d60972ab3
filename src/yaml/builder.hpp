// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "yaml/document.hpp"
#include "yaml/parse.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sluice::yaml {

/// Turns a sequence of events, of YAML or of JSON, into a Document. Children are gathered on a
/// stack and laid side by side when their collection ends, so that the arena holds them
/// contiguously and the root comes last.
///
/// What the events cannot say about themselves is checked here: depth, duplicate keys, aliases,
/// merge keys, numbers that JSON cannot hold. The first problem ends the document.
class Builder {
 public:
  Builder(std::shared_ptr<const Source> source, const Limits& limits);

  /// Starts a document that covers these bytes of the source.
  void start(std::size_t begin, std::size_t end, Provenance origin);

  void open(Kind kind, Style style, std::size_t begin, std::string_view anchor);
  void close(std::size_t end);
  /// `text` is copied unless it is what stands in the source at `text_at`.
  void scalar(Kind kind, Style style, Span span, std::string_view text, std::string_view anchor);
  void alias(std::string_view anchor, Span span);

  [[nodiscard]] bool failed() const { return problem_.has_value(); }
  [[nodiscard]] bool has_root() const { return frames_.empty() && !pending_.empty(); }
  /// Ends the document with a finding (yaml/syntax and the like) at a byte of the source.
  void fail(std::string code, std::size_t at, std::string message, std::string hint = {});
  std::optional<diag::Finding> take_problem();
  /// The document; the builder is ready for the next start. Precondition: has_root() and not
  /// failed().
  Document finish();

 private:
  struct Frame {
    Kind kind;
    Style style;
    std::size_t begin;
    std::size_t first_pending;
    std::string anchor;
    std::uint64_t size = 1;    ///< nodes below, aliases counted each time they are used
    std::uint32_t height = 1;  ///< levels below
    bool merges = false;       ///< a `<<` key was seen
  };
  struct Anchor {
    Node node;
    std::uint64_t size = 0;
    std::uint32_t height = 0;
    bool complete = false;
  };
  /// Where a key of a mapping came from: its place among those that stand there by themselves, or
  /// the number of a merge.
  using Keys = std::unordered_map<std::string_view, std::size_t>;
  struct Merge {
    std::size_t at = 0;          ///< byte of the source
    std::size_t own_count = 0;   ///< nodes that stand in the mapping by themselves
    std::size_t own_before = 0;  ///< of these, before the merge key
    std::size_t number = 0;      ///< in Keys
  };

  void add(const Node& node, std::uint64_t size, std::uint32_t height);
  void define(std::string_view name, const Node& node, std::uint64_t size, std::uint32_t height);
  void note_alias(std::uint64_t size, std::size_t at);
  bool check_keys(std::span<Node> children);
  bool make_key(Node& key);

  // merge_keys.cpp
  static bool is_merge_key(const Node& key);
  bool merge(std::vector<Node>& children);
  bool may_merge(const Merge& merge, std::string_view key, std::size_t by);
  bool merge_mapping(const Node& from, std::vector<Node>& into, Keys& known, const Merge& merge);

  [[nodiscard]] Document bare_document() const;
  [[nodiscard]] diag::Location place(std::size_t offset) const;
  std::string_view keep(std::string_view text, Span span);

  std::shared_ptr<const Source> source_;
  Limits limits_;
  std::shared_ptr<NodeArena> arena_;  ///< for the next documents
  std::size_t room_ = 0;              ///< nodes of the next arena
  std::vector<Node> nodes_;
  std::vector<Node> pending_;
  std::vector<Frame> frames_;
  std::unordered_map<std::string, Anchor> anchors_;
  std::vector<std::uint32_t> order_;  ///< scratch for the duplicate-key check
  TextArena texts_;
  Provenance origin_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t decoded_ = 0;
  std::uint64_t by_alias_ = 0;
  std::optional<diag::Finding> problem_;
};

}  // namespace sluice::yaml
