// SPDX-License-Identifier: Apache-2.0
// The part of the builder that knows merge keys (https://yaml.org/type/merge.html), as go-yaml v2
// reads them, which Kubernetes, Argo CD and Helm are built on.
#include "base/text.hpp"
#include "yaml/builder.hpp"

namespace sluice::yaml {

bool Builder::is_merge_key(const Node& key) {
  return key.kind == Kind::string && key.style == Style::plain && key.text == "<<";
}

/// What stands in the mapping by itself counts whatever is merged before it. After it, go-yaml's
/// merge wins where YAML's own merge key would lose; two merge keys differ alike.
bool Builder::may_merge(const Merge& merge, std::string_view key, std::size_t by) {
  if (by >= merge.own_before && by < merge.own_count) {
    return true;
  }
  if (by == merge.number) {
    return true;  // an earlier mapping of the same list
  }
  fail("yaml/merge", merge.at,
       "the key \"" + text::printable(key, 100) +
           "\" stands before a merge key (<<) that sets it too: Kubernetes takes the merged value, "
           "others take the first",
       "put the merge key first in the mapping, or remove one of the two");
  return false;
}

bool Builder::merge_mapping(const Node& from,
                            std::vector<Node>& into,
                            Keys& known,
                            const Merge& merge) {
  if (from.kind != Kind::mapping) {
    fail("yaml/merge", merge.at, "a merge key (<<) needs a mapping or a list of mappings");
    return false;
  }
  note_alias(from.child_count, merge.at);
  if (failed()) {
    return false;
  }
  for (std::uint32_t i = 0; i < from.child_count; i += 2) {
    Node key = nodes_[from.first_child + i];
    Node value = nodes_[from.first_child + i + 1];
    const auto [place, is_new] = known.try_emplace(key.text, merge.number);
    if (is_new) {
      key.by_alias = true;
      value.by_alias = true;
      into.push_back(key);
      into.push_back(value);
    } else if (!may_merge(merge, key.text, place->second)) {
      return false;
    }
  }
  return true;
}

/// Replaces `<<` pairs by what they bring: keys that the mapping has after it win, then earlier
/// mappings of a list. What go-yaml and the merge key of YAML 1.1 read differently is refused.
bool Builder::merge(std::vector<Node>& children) {
  struct MergeSource {
    Node node;
    std::size_t own_before = 0;  ///< nodes of `own`
  };
  std::vector<MergeSource> sources;
  std::vector<Node> own;
  for (std::size_t i = 0; i < children.size(); i += 2) {
    if (is_merge_key(children[i])) {
      sources.push_back({children[i + 1], own.size()});
      continue;
    }
    if (!make_key(children[i])) {
      return false;
    }
    own.push_back(children[i]);
    own.push_back(children[i + 1]);
  }
  if (!check_keys(own)) {
    return false;
  }
  Keys known;
  for (std::size_t i = 0; i < own.size(); i += 2) {
    known.emplace(own[i].text, i);
  }
  Merge merge{.own_count = own.size()};
  for (std::size_t number = 0; number < sources.size(); ++number) {
    const auto& [source, own_before] = sources[number];
    merge.at = source.span.begin;
    merge.own_before = own_before;
    merge.number = merge.own_count + number;
    if (source.kind != Kind::sequence) {
      if (!merge_mapping(source, own, known, merge)) {
        return false;
      }
      continue;
    }
    for (std::uint32_t i = 0; i < source.child_count; ++i) {
      if (!merge_mapping(nodes_[source.first_child + i], own, known, merge)) {
        return false;
      }
    }
  }
  children = std::move(own);
  return true;
}

}  // namespace sluice::yaml
