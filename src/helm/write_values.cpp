// SPDX-License-Identifier: Apache-2.0
#include "helm/write_values.hpp"

#include "yaml/canonical.hpp"

namespace sluice::helm {
namespace {

using yaml::Kind;
using yaml::Node;
using yaml::Style;

class Writer {
 public:
  Writer(const yaml::Document& document, const std::set<const Node*>& without)
      : document_(document), without_(without) {}

  std::string write() {
    value(document_.root(), 0);
    return std::move(out_);
  }

 private:
  void scalar(const Node& node) {
    const auto bytes =
        document_.source().bytes().substr(node.span.begin, node.span.end - node.span.begin);
    const bool one_line = bytes.find('\n') == std::string_view::npos && !node.by_alias &&
                          node.style != Style::literal && node.style != Style::folded;
    // A tag is not part of the span: text under !!str or the like is written quoted instead.
    const bool same_type =
        node.style != Style::plain || node.kind != Kind::string || bytes == node.text;
    if (one_line && same_type && !bytes.empty() && !tagged(node)) {
      out_ += bytes;
    } else if (node.kind == Kind::string) {
      yaml::append_canonical_json(document_, node, out_);
    } else {
      out_ += node.kind == Kind::null ? "null" : std::string(node.text);
    }
  }

  bool tagged(const Node& node) const {
    const auto bytes = document_.source().bytes();
    const auto line = bytes.rfind('\n', node.span.begin);
    const auto from = line == std::string_view::npos || line >= node.span.begin ? 0 : line + 1;
    return bytes.substr(from, node.span.begin - from).find('!') != std::string_view::npos;
  }

  /// Writes a value after "key:" or "-", ending its line.
  void value(const Node& node, std::size_t indent) {
    const auto children = document_.children(node);
    if (node.is_scalar()) {
      out_ += ' ';
      scalar(node);
      out_ += '\n';
      return;
    }
    const auto before = out_.size();
    out_ += indent == 0 ? "" : "\n";
    const auto start = out_.size();
    if (node.kind == Kind::mapping) {
      for (std::size_t i = 0; i < children.size(); i += 2) {
        if (!without_.contains(&children[i])) {
          out_.append(indent, ' ');
          yaml::append_canonical_json(document_, children[i], out_);
          out_ += ':';
          value(children[i + 1], indent + 2);
        }
      }
    } else {
      for (const auto& child : children) {
        out_.append(indent, ' ');
        out_ += '-';
        value(child, indent + 2);
      }
    }
    if (out_.size() == start) {
      out_.resize(before);
      out_ += node.kind == Kind::mapping ? " {}\n" : " []\n";
    }
  }

  const yaml::Document& document_;
  const std::set<const Node*>& without_;
  std::string out_;
};

}  // namespace

std::string write_values_without(const yaml::Document& document,
                                 const std::set<const yaml::Node*>& keys) {
  return Writer(document, keys).write();
}

}  // namespace sluice::helm
