// SPDX-License-Identifier: Apache-2.0
#include "yaml/builder.hpp"

#include "base/text.hpp"
#include "yaml/canonical.hpp"
#include "yaml/same_key.hpp"
#include "yaml/scalar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sluice::yaml {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / 4;
constexpr std::size_t most_nodes = std::size_t{1} << 24U;

std::uint64_t capped_sum(std::uint64_t a, std::uint64_t b) {
  return std::min(most, a + b);
}

/// go-yaml's rule against "billion laughs": of few decoded values nearly all may come from aliases,
/// of 4,000,000 and more only a tenth (yaml.v2 decode.go, allowedAliasRatio).
double allowed_alias_ratio(std::uint64_t decoded) {
  constexpr double low = 400'000;
  constexpr double high = 4'000'000;
  const auto count = static_cast<double>(decoded);
  if (count <= low) {
    return 0.99;
  }
  return count >= high ? 0.10 : 0.99 - 0.89 * (count - low) / (high - low);
}

}  // namespace

Builder::Builder(std::shared_ptr<const Source> source, const Limits& limits)
    : source_(std::move(source)), limits_(limits) {}

void Builder::start(std::size_t begin, std::size_t end, Provenance origin) {
  nodes_.clear();
  pending_.clear();
  frames_.clear();
  anchors_.clear();
  texts_ = {};
  origin_ = std::move(origin);
  begin_ = begin;
  end_ = end;
  decoded_ = 0;
  by_alias_ = 0;
  problem_.reset();
}

void Builder::fail(std::string code, std::size_t at, std::string message, std::string hint) {
  if (problem_) {
    return;
  }
  problem_ = diag::Finding{
      .code = std::move(code), .message = std::move(message), .hint = std::move(hint)};
  const auto offset = static_cast<std::uint32_t>(std::min(at, source_->bytes().size()));
  bare_document().locate(*problem_, Node{.span = {offset, offset}});
}

/// A document without nodes, which knows where bytes are.
Document Builder::bare_document() const {
  Document document;
  document.source_ = source_;
  document.origin_ = origin_;
  document.begin_ = begin_;
  document.end_ = end_;
  return document;
}

diag::Location Builder::place(std::size_t offset) const {
  const auto at = static_cast<std::uint32_t>(offset);
  return bare_document().where(Node{.span = {at, at}});
}

std::optional<diag::Finding> Builder::take_problem() {
  return std::exchange(problem_, std::nullopt);
}

std::string_view Builder::keep(std::string_view text, Span span) {
  const auto all = source_->bytes();
  if (text.data() >= all.data() && text.data() <= all.data() + all.size()) {
    return text;  // a part of the source already
  }
  const auto bytes = all.substr(span.begin, span.end - span.begin);
  if (bytes == text) {
    return bytes;
  }
  if (bytes.size() == text.size() + 2 && bytes.substr(1, text.size()) == text) {
    return bytes.substr(1, text.size());  // quoted without escapes
  }
  return texts_.keep(text);
}

void Builder::add(const Node& node, std::uint64_t size, std::uint32_t height) {
  pending_.push_back(node);
  if (!frames_.empty()) {
    auto& frame = frames_.back();
    frame.size = capped_sum(frame.size, size);
    frame.height = std::max(frame.height, height + 1);
  }
}

void Builder::define(std::string_view name,
                     const Node& node,
                     std::uint64_t size,
                     std::uint32_t height) {
  if (name.empty()) {
    return;
  }
  anchors_.insert_or_assign(std::string(name), Anchor{node, size, height, true});
}

void Builder::scalar(
    Kind kind, Style style, Span span, std::string_view text, std::string_view anchor) {
  if (failed()) {
    return;
  }
  Node node{.kind = kind, .style = style, .span = span, .text = keep(text, span)};
  if (kind == Kind::real) {
    const auto value = parse_real(text);
    if (!value || !std::isfinite(*value)) {
      fail("yaml/number", span.begin,
           "number \"" + text::printable(text, 40) + "\" cannot be held in JSON",
           "quote it if it is meant as text");
      return;
    }
  }
  ++decoded_;
  define(anchor, node, 1, 1);
  add(node, 1, 1);
}

void Builder::open(Kind kind, Style style, std::size_t begin, std::string_view anchor) {
  if (failed()) {
    return;
  }
  if (frames_.size() >= limits_.depth) {
    fail("yaml/limit", begin,
         "the document is nested more than " + std::to_string(limits_.depth) + " levels deep",
         "raise --max-depth if this is meant");
    return;
  }
  ++decoded_;
  if (!anchor.empty()) {
    anchors_.insert_or_assign(std::string(anchor), Anchor{});
  }
  frames_.push_back({kind, style, begin, pending_.size(), std::string(anchor)});
}

void Builder::close(std::size_t end) {
  if (failed()) {
    return;
  }
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  const std::span<Node> children(
      pending_.begin() + static_cast<std::ptrdiff_t>(frame.first_pending), pending_.end());
  Node node{.kind = frame.kind,
            .style = frame.style,
            .span = {static_cast<std::uint32_t>(frame.begin), static_cast<std::uint32_t>(end)},
            .first_child = static_cast<std::uint32_t>(nodes_.size()),
            .child_count = static_cast<std::uint32_t>(children.size())};
  if (frame.kind == Kind::mapping) {
    bool merges = false;
    for (std::size_t i = 0; i < children.size(); i += 2) {
      merges = merges || is_merge_key(children[i]);
    }
    if (merges) {
      std::vector<Node> merged(children.begin(), children.end());
      if (!merge(merged) || !check_keys(merged)) {
        return;
      }
      nodes_.insert(nodes_.end(), merged.begin(), merged.end());
      node.child_count = static_cast<std::uint32_t>(merged.size());
      frame.size = capped_sum(frame.size, merged.size());
    } else if (!check_keys(children)) {
      return;
    }
    if (!merges) {
      nodes_.insert(nodes_.end(), children.begin(), children.end());
    }
  } else {
    nodes_.insert(nodes_.end(), children.begin(), children.end());
  }
  pending_.resize(frame.first_pending);
  define(frame.anchor, node, frame.size, frame.height);
  add(node, frame.size, frame.height);
}

/// Counts what an alias or merge stands for, and ends the document when go-yaml would.
void Builder::note_alias(std::uint64_t size, std::size_t at) {
  decoded_ = capped_sum(decoded_, size);
  by_alias_ = capped_sum(by_alias_, size);
  const bool excessive = by_alias_ > 100 && decoded_ > 1000 &&
                         static_cast<double>(by_alias_) / static_cast<double>(decoded_) >
                             allowed_alias_ratio(decoded_);
  if (excessive || nodes_.size() > most_nodes) {
    fail("yaml/limit", at, "the document's aliases stand for too many values",
         "write the values out, or use fewer aliases");
  }
}

void Builder::alias(std::string_view anchor, Span span) {
  if (failed()) {
    return;
  }
  const auto found = anchors_.find(std::string(anchor));
  const auto named = '"' + text::printable(anchor, 60) + '"';
  if (found == anchors_.end()) {
    return fail("yaml/syntax", span.begin, "alias " + named + " has no anchor before it");
  }
  const Anchor* known = &found->second;
  if (!known->complete) {
    return fail("yaml/syntax", span.begin, "anchor " + named + " contains itself");
  }
  if (frames_.size() + known->height > limits_.depth) {
    return fail("yaml/limit", span.begin,
                "the document is nested more than " + std::to_string(limits_.depth) +
                    " levels deep through aliases",
                "raise --max-depth if this is meant");
  }
  note_alias(known->size, span.begin);
  if (failed()) {
    return;
  }
  Node node = known->node;
  node.by_alias = true;
  node.span = span;
  add(node, known->size, known->height);
}

/// A mapping's key as JSON has it: text. `yes:` becomes "true", 0x10 becomes "16".
bool Builder::make_key(Node& key) {
  switch (key.kind) {
    case Kind::string:
      return true;
    case Kind::boolean:
      key.text = as_bool(key) ? "true" : "false";
      break;
    case Kind::integer:
    case Kind::real: {
      std::string text;
      append_canonical_json(Document{}, key, text);
      key.text = texts_.keep(text);
      break;
    }
    default:
      fail("yaml/key", key.span.begin,
           key.kind == Kind::null ? "a key is empty" : "a key is not a scalar",
           "Kubernetes objects have text keys only");
      return false;
  }
  key.kind = Kind::string;
  return true;
}

bool Builder::check_keys(std::span<Node> children) {
  for (std::size_t i = 0; i < children.size(); i += 2) {
    if (!make_key(children[i])) {
      return false;
    }
  }
  const auto duplicate = [&](std::size_t first, std::size_t again) {
    const auto line = place(children[first].span.begin).line;
    fail("yaml/duplicate-key", children[again].span.begin,
         "key \"" + text::printable(children[again].text, 100) +
             "\" stands twice in the same mapping" +
             (line > 0 ? " (first in line " + std::to_string(line) + ')' : ""),
         "only the last would count; remove one");
    return false;
  };
  const auto pairs = children.size() / 2;
  constexpr std::size_t few = 12;
  if (pairs <= few) {
    for (std::size_t i = 2; i < children.size(); i += 2) {
      for (std::size_t j = 0; j < i; j += 2) {
        if (same_key(children[i].text, children[j].text)) {
          return duplicate(j, i);
        }
      }
    }
    return true;
  }
  order_.clear();
  for (std::size_t i = 0; i < children.size(); i += 2) {
    order_.push_back(static_cast<std::uint32_t>(i));
  }
  std::ranges::sort(order_, [&](auto a, auto b) {
    const int order = children[a].text.compare(children[b].text);
    return order != 0 ? order < 0 : a < b;
  });
  std::optional<std::pair<std::size_t, std::size_t>> earliest;
  for (std::size_t i = 1; i < order_.size(); ++i) {
    if (children[order_[i - 1]].text == children[order_[i]].text &&
        (!earliest || order_[i] < earliest->second)) {
      earliest = {order_[i - 1], order_[i]};
    }
  }
  return earliest ? duplicate(earliest->first, earliest->second) : true;
}

Document Builder::finish() {
  Document document;
  document.source_ = source_;
  document.origin_ = std::move(origin_);
  document.begin_ = begin_;
  document.end_ = end_;
  nodes_.push_back(pending_.back());
  if (arena_ == nullptr || arena_->left() < nodes_.size()) {
    // One document takes what it needs; a stream is given more and more at once.
    arena_ = std::make_shared<NodeArena>(std::max(room_, nodes_.size()));
    room_ = std::min(std::max<std::size_t>(8 * room_, 1024), NodeArena::most);
  }
  document.arena_ = arena_;
  document.nodes_ = arena_->keep(nodes_);
  document.texts_ = std::move(texts_);
  return document;
}

}  // namespace sluice::yaml
