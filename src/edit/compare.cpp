// SPDX-License-Identifier: Apache-2.0
#include "edit/compare.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sluice::edit {
namespace {

/// The value that a changed scalar, or an alias of one, must have; nullptr for all others.
const std::string* expectation(const Expected& expected, const yaml::Node& node) {
  if (const auto found = expected.find(&node); found != expected.end()) {
    return &found->second;
  }
  if (!node.by_alias || !node.is_scalar()) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(
      expected, [&](const auto& entry) { return is_alias_of(node, *entry.first); });
  return found != expected.end() ? &found->second : nullptr;
}

Error difference(const yaml::Document& document, const yaml::Node& node, const std::string& what) {
  return {Error::Kind::unsupported,
          place_text(document, node) + ": " + what + "; nothing was changed"};
}

Status compare_scalars(const yaml::Document& document,
                       const yaml::Node& was,
                       const yaml::Node& is,
                       const std::string* wanted) {
  if (wanted == nullptr) {
    const bool same = was.kind == is.kind && was.style == is.style && was.text == is.text;
    return same ? ok
                : difference(document, was,
                             "the edit would also change \"" + text::printable(was.text, 60) + '"');
  }
  if (is.kind != yaml::Kind::string) {
    return difference(document, was,
                      "\"" + text::printable(*wanted, 60) +
                          "\" would not be read as text here, because of the tag before it");
  }
  if (is.text != *wanted) {
    return difference(document, was,
                      "the edit would make it \"" + text::printable(is.text, 60) +
                          "\" instead of \"" + text::printable(*wanted, 60) + '"');
  }
  return ok;
}

using Pair = std::pair<const yaml::Node*, const yaml::Node*>;

Status compare_documents(const yaml::Document& before,
                         const yaml::Document& after,
                         const Expected& expected) {
  std::vector<Pair> pairs{{&before.root(), &after.root()}};
  while (!pairs.empty()) {
    const auto [was, is] = pairs.back();
    pairs.pop_back();
    if (was->by_alias != is->by_alias || was->is_scalar() != is->is_scalar()) {
      return difference(before, *was, "the edit would change the form of a value");
    }
    if (was->is_scalar()) {
      SLUICE_TRY(compare_scalars(before, *was, *is, expectation(expected, *was)));
      continue;
    }
    if (was->kind != is->kind || was->style != is->style || was->child_count != is->child_count) {
      return difference(before, *was, "the edit would change the form of a collection");
    }
    if (was->by_alias) {
      continue;  // compared where its anchor is
    }
    const auto old_children = before.children(*was);
    const auto new_children = after.children(*is);
    for (std::size_t i = 0; i < old_children.size(); ++i) {
      pairs.emplace_back(&old_children[i], &new_children[i]);
    }
  }
  return ok;
}

}  // namespace

Status compare(const Tree& before, const Tree& after, const Expected& expected) {
  const auto same_finding = [](const diag::Finding& a, const diag::Finding& b) {
    return a.code == b.code && a.location.line == b.location.line;
  };
  if (!std::ranges::equal(before.findings(), after.findings(), same_finding) ||
      before.documents().size() != after.documents().size()) {
    std::string why = "other documents";
    if (!after.findings().empty()) {
      const auto& finding = after.findings().front();
      why = text::printable(finding.location.file) + ':' + std::to_string(finding.location.line) +
            ": " + finding.message;
    }
    return Error{Error::Kind::unsupported,
                 "the edit would break the file (" + why + "); nothing was changed"};
  }
  for (std::size_t i = 0; i < before.documents().size(); ++i) {
    SLUICE_TRY(compare_documents(before.documents()[i], after.documents()[i], expected));
  }
  return ok;
}

}  // namespace sluice::edit
