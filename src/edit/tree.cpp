// SPDX-License-Identifier: Apache-2.0
#include "edit/tree.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

namespace sluice::edit {
namespace {

std::string shown(std::string_view pointer) {
  return '"' + text::printable(pointer.empty() ? "/" : pointer) + '"';
}

const yaml::Node* child_of(const yaml::Document& document,
                           const yaml::Node& node,
                           const std::string& key) {
  if (node.kind == yaml::Kind::mapping) {
    return document.find(node, key);
  }
  if (node.kind != yaml::Kind::sequence) {
    return nullptr;
  }
  std::size_t index = 0;
  const auto* end = key.data() + key.size();
  const auto [stop, error] = std::from_chars(key.data(), end, index);
  const auto children = document.children(node);
  const bool canonical = key == "0" || !key.starts_with('0');
  return error == std::errc{} && stop == end && canonical && index < children.size()
             ? &children[index]
             : nullptr;
}

/// The bytes of an alias are elsewhere: says where.
Error alias_error(const yaml::Document& document, const yaml::Node& alias, std::string_view path) {
  std::string message = place_text(document, alias) + ": " + shown(path) +
                        " comes in through an alias or a merge key";
  const auto steps = all_nodes(document);
  const auto anchor = std::ranges::find_if(steps, [&](const Step& step) {
    return !step.node->by_alias && is_alias_of(alias, *step.node);
  });
  if (anchor != steps.end()) {
    const auto index = static_cast<std::size_t>(anchor - steps.begin());
    message += "; its anchor is at " + shown(path_of(steps, index)) + " in " +
               place_text(document, *anchor->node) + ": change it there";
  }
  return {Error::Kind::unsupported, std::move(message)};
}

}  // namespace

std::string place_text(const yaml::Document& document, const yaml::Node& node) {
  const auto at = document.in_stream(node);
  return text::printable(at.file) + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

Result<std::vector<std::string>> split_pointer(std::string_view pointer) {
  std::vector<std::string> keys;
  if (pointer.empty()) {
    return keys;
  }
  if (pointer.front() != '/') {
    return Error{Error::Kind::usage, shown(pointer) + " is no JSON pointer: it begins without '/'"};
  }
  for (const auto word : text::split(pointer.substr(1), '/')) {
    std::string key;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (word[i] != '~') {
        key += word[i];
      } else if (i + 1 < word.size() && (word[i + 1] == '0' || word[i + 1] == '1')) {
        key += word[++i] == '0' ? '~' : '/';
      } else {
        return Error{Error::Kind::usage,
                     shown(pointer) + " is no JSON pointer: write ~0 for '~' and ~1 for '/'"};
      }
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string child(std::string_view pointer, std::string_view key) {
  std::string path(pointer);
  path += '/';
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

std::string child(std::string_view pointer, std::size_t index) {
  return std::string(pointer) + '/' + std::to_string(index);
}

Result<Tree> Tree::read(std::string_view bytes, const std::string& file) {
  Tree tree;
  tree.file_ = file;
  SLUICE_TRY_ASSIGN(tree.stream_, yaml::parse(std::string(bytes), file));
  return tree;
}

Result<const yaml::Document*> Tree::document(std::uint32_t index) const {
  if (index < stream_.documents.size()) {
    return &stream_.documents[index];
  }
  if (!stream_.findings.empty()) {
    const auto& finding = stream_.findings.front();
    return Error{Error::Kind::parse, text::printable(file_) + ':' +
                                         std::to_string(finding.location.line) + ": " +
                                         finding.message};
  }
  return Error{Error::Kind::not_found, text::printable(file_) + " has " +
                                           text::counted(stream_.documents.size(), "document") +
                                           ", none with index " + std::to_string(index)};
}

Result<std::vector<const yaml::Node*>> trail(const yaml::Document& document,
                                             std::string_view pointer) {
  std::vector<std::string> keys;
  SLUICE_TRY_ASSIGN(keys, split_pointer(pointer));
  std::vector<const yaml::Node*> nodes{&document.root()};
  std::string path;
  for (const auto& key : keys) {
    const auto* next = child_of(document, *nodes.back(), key);
    if (next == nullptr) {
      return Error{Error::Kind::not_found, place_text(document, *nodes.back()) + ": " +
                                               shown(path) + " has no \"" + text::printable(key) +
                                               '"'};
    }
    path = child(path, key);
    if (next->by_alias) {
      return alias_error(document, *next, path);
    }
    nodes.push_back(next);
  }
  return nodes;
}

std::vector<Step> all_nodes(const yaml::Document& document) {
  std::vector<Step> steps;
  if (document.empty()) {
    return steps;
  }
  steps.push_back({.node = &document.root()});
  for (std::size_t next = 0; next < steps.size(); ++next) {
    const auto* node = steps[next].node;
    if (node->by_alias || node->is_scalar()) {
      continue;
    }
    const auto children = document.children(*node);
    if (node->kind == yaml::Kind::sequence) {
      for (std::size_t i = 0; i < children.size(); ++i) {
        steps.push_back({.node = &children[i], .parent = next, .index = i});
      }
      continue;
    }
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      steps.push_back({.node = &children[i + 1], .key = &children[i], .parent = next});
    }
  }
  return steps;
}

std::string path_of(std::span<const Step> steps, std::size_t step) {
  std::vector<const Step*> way;
  for (; step != 0; step = steps[step].parent) {
    way.push_back(&steps[step]);
  }
  std::string path;
  for (const auto* next : way | std::views::reverse) {
    path = next->key != nullptr ? child(path, next->key->text) : child(path, next->index);
  }
  return path;
}

bool is_alias_of(const yaml::Node& alias, const yaml::Node& node) {
  if (!alias.by_alias || alias.kind != node.kind) {
    return false;
  }
  // The builder copies the node: an empty scalar or collection has nothing that is its own, but
  // then nothing within it can change either.
  return node.is_scalar() ? alias.text.data() == node.text.data() && !node.text.empty()
                          : alias.first_child == node.first_child && node.child_count > 0 &&
                                alias.child_count == node.child_count;
}

}  // namespace sluice::edit
